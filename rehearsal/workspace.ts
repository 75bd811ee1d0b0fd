import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Keys that the engine writes into a stack's file when it makes the stack; a rehearsal has its own. */
const SECRETS_KEYS = /^(encryptionsalt|secretsprovider|encryptedkey):.*\n?/gm;

/**
 * Makes, or refreshes, a shadow of the checkout at `workspace`, for the engine to work in. Folders that hold a Pulumi project
 * are real folders of links, so that `stackConfigDir: ..` stays inside the shadow; stack files are copies, so that what the
 * engine writes there (the salt of its encryption) never reaches the checkout. Everything else is a link: Node resolves links
 * before it loads a program, so the program that runs is the checkout's own, and its imports resolve there. Returns the
 * folders of the projects, relative to the workspace, the root as "".
 */
export function makeWorkspace(checkout: string, workspace: string): string[] {
  const projects = readdirSync(checkout, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isVisible(entry.name))
    .map(({ name }) => name)
    .filter((name) => existsSync(join(checkout, name, "Pulumi.yaml")));
  mirror(checkout, workspace, (name) => projects.includes(name));
  for (const project of projects) {
    mirror(join(checkout, project), join(workspace, project), () => false);
  }
  return [...(existsSync(join(checkout, "Pulumi.yaml")) ? [""] : []), ...projects];
}

/** Makes one folder mirror another: links, but copies of stack files; `isReal` names are left to the caller. */
function mirror(source: string, target: string, isReal: (name: string) => boolean): void {
  mkdirSync(target, { recursive: true });
  const names = readdirSync(source).filter(isVisible);
  // A link to something that is gone, and a folder that is no project any more.
  for (const stale of readdirSync(target).filter((name) => !names.includes(name))) {
    rmSync(join(target, stale), { recursive: true });
  }
  for (const name of names) {
    if (isStackFile(name)) {
      copyStackFile(join(source, name), join(target, name));
    } else if (isReal(name)) {
      unlinkUnlessFolder(join(target, name));
    } else {
      link(join(source, name), join(target, name));
    }
  }
}

function isVisible(name: string): boolean {
  return !name.startsWith(".");
}

function isStackFile(name: string): boolean {
  return /^Pulumi\..+\.ya?ml$/.test(name);
}

function link(source: string, target: string): void {
  const existing = lstatSync(target, { throwIfNoEntry: false });
  if (existing?.isSymbolicLink() && readlinkSync(target) === source) {
    return;
  }
  if (existing !== undefined) {
    rmSync(target, { recursive: true });
  }
  symlinkSync(source, target);
}

function unlinkUnlessFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    rmSync(path);
  }
}

/** Copies a stack's file, with the shadow's own secrets keys in place of the checkout's. */
function copyStackFile(source: string, target: string): void {
  const own = existsSync(target) ? (readFileSync(target, "utf8").match(SECRETS_KEYS) ?? []) : [];
  const text = withOwnSecrets(readFileSync(source, "utf8"), own);
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    writeFileSync(target, text);
  }
}

/** The text of a stack's file with these secrets keys and no others. */
export function withOwnSecrets(text: string, own: readonly string[]): string {
  const bare = text.replace(SECRETS_KEYS, "");
  const kept = own.map((line) => (line.endsWith("\n") ? line : `${line}\n`)).join("");
  return kept === "" || bare === "" || bare.endsWith("\n") ? bare + kept : `${bare}\n${kept}`;
}
