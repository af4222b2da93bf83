await import("../../pipeline/mod.ts");
for (const m of ["fastest-levenshtein","../../pipeline/workflow.ts","../../pipeline/wording.ts","../../pipeline/plain_yaml.ts","../../pipeline/resolve.ts","../../pipeline/load_workflow.ts"]) { const t=performance.now(); await import(m); console.log(m,(performance.now()-t).toFixed(1)); }
