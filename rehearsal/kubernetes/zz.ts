import { parseYaml } from "./yaml.ts"; import {readFileSync} from "node:fs"; import { KubernetesApi } from "./api.ts"; import { awaitReady } from "./await.ts";
process.env.PLATFORM_CACHE="/tmp/k8s/cache";
const api=await KubernetesApi.fromFile(process.env.KUBECONFIG!);
let t=performance.now(); const lap=(w:string)=>{const n=performance.now(); console.log(w,Math.round(n-t)); t=n;};
const objs=parseYaml(readFileSync("/root/go/pkg/mod/istio.io/istio@v0.0.0-20260827124520-eed52ebb66ad/manifests/charts/base/files/crd-all.gen.yaml","utf8")) as any[]; lap("parse");
await api.http.send({method:"GET",path:"/version"}); lap("connect");
await Promise.all(objs.map(o=>api.apply(o,{fieldManager:"helm",force:true}))); lap("apply "+objs.length);
await Promise.all(objs.map(o=>awaitReady(api,o,{timeout:60}))); lap("await");
const a2=parseYaml(["application-crd.yaml","applicationset-crd.yaml","appproject-crd.yaml"].map(f=>readFileSync("/root/go/pkg/mod/github.com/argoproj/argo-cd/v3@v3.4.4/manifests/crds/"+f,"utf8")).join("\n---\n")) as any[]; lap("parse");
for (const o of a2) {await api.create(o,{fieldManager:"helm"}); lap("create "+o.metadata.name);}
await Promise.all(a2.map(o=>awaitReady(api,o,{timeout:60}))); lap("await");
process.exit(0);
