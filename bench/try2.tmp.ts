import { openRehearsal } from "../rehearsal/open.ts";
import { ownProject, type Place } from "./project.ts";
const rehearsal = await openRehearsal({ environment: "bench", checkout: "/work/main", onNote: (t) => console.log(t) });
const { root: dir, workspace } = rehearsal.directories;
const place: Place = { dir, workspace, env: rehearsal.variables };
try {
  for (const n of ["4","30"]) { 
  const slow = ownProject(place, "slow", "./growth.ts", { BENCH_SERVICES: n });
  const fast = ownProject(place, "fast", "./g.tmp.ts", { BENCH_SERVICES: n });
  for (let i = 0; i < 3; i++) { console.log(n, "slow", await slow.preview()); console.log(n, "fast", await fast.preview()); }
  }
} catch (e) { console.log(String(e).slice(-4500)); }
finally { await rehearsal.close(); }
