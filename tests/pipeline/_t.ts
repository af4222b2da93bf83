import { loadWorkflow } from "../../pipeline/load_workflow.ts"; import {FAKE_STAGES} from "./fake_stages.ts"; import {formatDiagnostics} from "../../pipeline/diagnostic.ts";
const H="workflow: w\n";
const cases:[string,string[]?][]=[
[`workflow: Wrong-Name
seed: -1
parms: {}
targets: []
steps:
  Bad:
    stage: make_number
  one:
    stagee: make_number
    retries: 200
    resources: { memory: 8 GiB, gpus: 1 }
    timeout: soon
    isolation: proces
    matrix: { seed: 3, x: [], y: "\${parms.x}", z: [null] }
    inputs: { a: 1 }
    seed: 1.5
`],
["steps: {}"],["- a\n"],[""],["a: [1\nb: 2"],["a: &x 1\nb: *x\n<<: {c: 1}\nd: !!str 3\n"],["%YAML 1.1\n---\na: 1\n"],["a: 1\n---\nb: 1\n"],["a: 1\na: 2\n<<: 3\n__proto__: 4\nc: .inf\n"],["a: "+"[".repeat(150)+"]".repeat(150)],["workflow: w\nsteps:\n\ta: 1\n"],
[H+`params: { rate: 0.5, opt: { lr: 0.1, names: [a] }, text: hi, none: null, bad: "\${params.rate}" }
steps: {}
`,["rat=3","opt.lrr=1","rate=abc","rate","opt.lr.x=1","opt=[1]","text=5","none=3","none=foo","rate=1e-3",".=3","rate=a: b","opt.names={a: 1}"]],
[H+`params: { rate: 0.5, opt: { lr: 0.1 }, list: [1, 2] }
steps:
  one:
    stage: make_number
    params: { value: "\${params.rat}" }
  two:
    stage: add_numbers
    inputs: { left: one.number, right: "\${params.rate}" }
    params:
      scale: "\${params.opt.lrr}"
      note: "x \${params.list} \${foo} \${params.rate.x} \${matrix.a} \${params.rate"
      offset: \${params.rate}
    seed: "\${params.opt}"
  three:
    stage: make_numbr
  four:
    stage: make_number
    params: { valu: 1 }
  five:
    stage: make_number
    matrix: {a: [1], v: {x: {k: 1}, y: {l: 1}}}
    params: { value: "\${matrix.v.k}" }
  six:
    stage: draw_number
    params: { range: { from: 1, too: 2 }, shape: flt, weights: [1, 2, -3, x], limit: { belo: 1 } }
`],
[H+`steps:
  one: { stage: make_number, params: { value: 1 } }
  many: { stage: make_number, matrix: { k: [1, 2], m: [a, b] }, params: { value: 1 } }
  notes: { stage: write_notes, params: { words: [a] } }
  bundle: { stage: bundle_notes, inputs: { notes: notes.notes } }
  a:
    stage: add_numbers
    inputs: { lef: one.number }
  b: { stage: add_numbers }
  c: { stage: add_numbers, inputs: { left: one.numbr, right: onne.number } }
  d: { stage: add_numbers, inputs: { left: one, right: data/x } }
  e: { stage: add_numbers, inputs: { left: many.number, right: notes.notes } }
  f: { stage: add_numbers, matrix: { k: [1, 3], m: [a] }, inputs: { left: many.number } }
  g: { stage: join_notes, inputs: { notes: bundle.bundle/note, title: one.number/x } }
  h: { stage: join_notes, inputs: { notes: bundle.bundle/old/notes, bundle: bundle.bundle/notes, title: zzzzzzzz.text } }
  p: { stage: add_numbers, inputs: { left: q.number } }
  q: { stage: add_numbers, inputs: { left: p.number, right: r.number } }
  r: { stage: add_numbers, inputs: { left: r.number } }
targets: [on, many, "many[k=1,m=c]", q]
`],
[H+`params: {ax: 3, e: {}, big: [1,2,3]}
steps:
  a: { stage: make_number, params: {value: 1}, matrix: { s: "\${params.ax}", t: [1, "1"], u: {}, w: "\${params.e}", x: ["a b", "a_b"], y: ["\${params.ax}"] } }
  b: { stage: make_number, params: {value: 1}, matrix: { s: [1,2,3,4,5,6,7,8,9,10], t: [1,2,3,4,5,6,7,8,9,10], u: [1,2,3,4,5,6,7,8,9,10], v: [1,2,3,4,5,6,7,8,9,10],w: [1,2,3,4,5,6,7,8,9,10,11] } }
`],
];
for(const [t,o] of cases){ const r=await loadWorkflow(t,{file:"w.yaml",stages:FAKE_STAGES,overrides:o}); console.log("=======");console.log(r.ok?JSON.stringify(r.workflow.params):formatDiagnostics(r.diagnostics)); }
