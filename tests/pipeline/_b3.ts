import {FAKE_STAGES} from "./fake_stages.ts";
import {readPlainYaml} from "../../pipeline/plain_yaml.ts";
import {WorkflowFile} from "../../pipeline/workflow.ts";
import { InputBinder } from "../../pipeline/bind_inputs.ts";
import { StepResolver } from "../../pipeline/resolve_step.ts";
import { resolveWorkflow,stagesByName} from "../../pipeline/resolve.ts";
const f=Deno.args[0];const text=Deno.readTextFileSync(f);
const w=WorkflowFile.parse(readPlainYaml(text));
function wrap(o:any,n:string){const g=o[n];let t=0,c=0;o[n]=function(...a:any[]){const s=performance.now();try{return g.apply(this,a);}finally{t+=performance.now()-s;c++;}};return ()=>console.log(n,c,t.toFixed(1));}
const rs=[wrap(StepResolver.prototype,"resolve"),wrap(InputBinder.prototype,"bind"),wrap(InputBinder.prototype,"checkNames"),...FAKE_STAGES.slice(0,2).map(s=>wrap(s.params,"safeParse"))];
const s=performance.now();
resolveWorkflow(w,{file:f,stages:FAKE_STAGES});
console.log("total",(performance.now()-s).toFixed(1)); rs.forEach(r=>r());
