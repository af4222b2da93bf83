const t0=performance.now();
const {FAKE_STAGES}=await import("./fake_stages.ts");
const t1=performance.now();
const {readPlainYaml}=await import("../../pipeline/plain_yaml.ts");
const {WorkflowFile}=await import("../../pipeline/workflow.ts");
const {resolveWorkflow}=await import("../../pipeline/resolve.ts");
const {loadWorkflow}=await import("../../pipeline/load_workflow.ts");
const t2=performance.now();
const f=Deno.args[0];const text=Deno.readTextFileSync(f);
const t3=performance.now();
if(Deno.args[1]){ const v=readPlainYaml(text); const t4=performance.now(); const w=WorkflowFile.parse(v); const t5=performance.now(); const r=resolveWorkflow(w,{file:f,stages:FAKE_STAGES}); const t6=performance.now(); console.log(r.ok, "plain",(t4-t3).toFixed(1),"zod",(t5-t4).toFixed(1),"resolve",(t6-t5).toFixed(1)); }
else { const r=await loadWorkflow(text,{file:f,stages:FAKE_STAGES}); const t4=performance.now(); console.log(r.ok, r.ok&&r.workflow.steps.length,"stages+zod import",(t1-t0).toFixed(1),"engine import",(t2-t1).toFixed(1),"load",(t4-t3).toFixed(1)); if(!r.ok) console.log(r.diagnostics.slice(0,3)); }
