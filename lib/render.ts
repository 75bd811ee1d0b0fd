import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync, type Dirent } from "node:fs";
import { dirname, join } from "node:path";

import { fail } from "./errors.ts";
import { manifestName, type Manifest } from "./manifests.ts";
import { toYaml } from "./yaml.ts";

/** Rendered files: path from the checkout's root, with forward slashes → text. */
export type RenderedFiles = ReadonlyMap<string, string>;

/** What writing did, or what checking found; paths from the checkout's root, sorted. */
export interface RenderingResult {
  /** New or changed. */
  written: string[];
  /** Rendered once, but not any more. */
  removed: string[];
  unchanged: string[];
}

/** Folder of everything that is rendered for an environment. */
export function renderedFolder(environment: string): string {
  return `gitops/${environment}`;
}

/** File in which an object stands. */
export function renderedFile(manifest: Manifest): string {
  return `${manifestName(manifest)}.yaml`;
}

/** Text of the file in which an object stands. */
export function renderManifest(environment: string, manifest: Manifest): string {
  return `${headerOf(environment)}\n${toYaml(manifest)}`;
}

/**
 * Brings the environment's folder to exactly the rendered files. Files that are right already are not touched.
 *
 * @param root the checkout
 * @throws PlatformError STALE_RENDERING if a file in the folder was not rendered; nothing is written then
 */
export function writeRendering(root: string, environment: string, files: RenderedFiles): RenderingResult {
  const result = compareRendering(root, environment, files);
  for (const path of result.written) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path) ?? "");
  }
  for (const path of result.removed) {
    rmSync(join(root, path));
    removeEmptyFolders(root, dirname(path), renderedFolder(environment));
  }
  return result;
}

/**
 * Holds that the environment's folder is what the program renders.
 *
 * @param root the checkout
 * @throws PlatformError STALE_RENDERING
 */
export function checkRendering(root: string, environment: string, files: RenderedFiles): void {
  const { written, removed } = compareRendering(root, environment, files);
  const stale = [...written, ...removed].sort();
  if (stale.length === 0) return;
  fail({
    id: "STALE_RENDERING",
    key: renderedFolder(environment),
    value: stale,
    rule: "these files are not what the program renders",
    remedy: `Run 'platform render ${environment}' and commit the result.`,
  });
}

function compareRendering(root: string, environment: string, files: RenderedFiles): RenderingResult {
  const present = new Map(
    filesUnder(root, renderedFolder(environment)).map((path) => [
      path,
      readFileSync(join(root, path), "utf8"),
    ]),
  );
  const foreign = [...present].find(
    ([path, text]) => !files.has(path) && !text.startsWith(headerOf(environment)),
  );
  if (foreign !== undefined) {
    fail({
      id: "STALE_RENDERING",
      key: foreign[0],
      rule: "it stands among rendered files, but was not rendered: Argo CD would apply it all the same",
      remedy: "Move it elsewhere, or declare what it holds.",
    });
  }
  const paths = [...files.keys()].sort();
  return {
    written: paths.filter((path) => present.get(path) !== files.get(path)),
    removed: [...present.keys()].filter((path) => !files.has(path)).sort(),
    unchanged: paths.filter((path) => present.get(path) === files.get(path)),
  };
}

function headerOf(environment: string): string {
  return `# Rendered by platform render ${environment}; do not edit.`;
}

function filesUnder(root: string, folder: string): string[] {
  return entriesOf(join(root, folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(root, path) : [path];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function removeEmptyFolders(root: string, folder: string, upTo: string): void {
  if (folder.length < upTo.length || entriesOf(join(root, folder)).length > 0) return;
  rmdirSync(join(root, folder));
  removeEmptyFolders(root, dirname(folder), upTo);
}
