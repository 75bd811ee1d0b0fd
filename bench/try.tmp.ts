import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRehearsal } from "../rehearsal/open.ts";
import { program } from "../tests/helpers/program.ts";
import { planOf } from "./plan.ts";
import { ownProject, Project, type Place } from "./project.ts";
const checkout = "/work/main";
const rehearsal = await openRehearsal({ environment: "bench", checkout, onNote: (t) => console.log(t) });
const { root: dir, workspace } = rehearsal.directories;
const place: Place = { dir, workspace, env: rehearsal.variables };
try {
  const { resources } = await program("qa");
  const plan = join(dir, "bench", "plan.json");
  mkdirSync(join(dir, "bench"), { recursive: true });
  writeFileSync(plan, JSON.stringify(planOf(resources)));
  const qa = new Project(place, workspace);
  const bare = ownProject(place, "bare", "./bare.ts", { BENCH_PLAN: plan });
  for (let i = 0; i < 2; i++) {
    console.log("qa", await qa.preview());
    console.log("bare", await bare.preview());
  }
  if (process.argv[2] === "up") {
    console.log("qa up", await qa.update());
    console.log("qa again", await qa.update());
    console.log("qa destroy", await qa.destroy());
    console.log("bare up", await bare.update());
    console.log("bare again", await bare.update());
    console.log("bare destroy", await bare.destroy());
  }
} catch (e) {
  console.log(String(e).slice(-4500));
} finally {
  await rehearsal.close();
}
