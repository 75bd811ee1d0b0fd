import { createHash } from "node:crypto";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

import { readCached, toolsHome, writeCached } from "../tools/cache.ts";

/** Characters from which on a document is worth remembering: parsing takes a second for each megabyte. */
const LARGE = 20_000;

/**
 * Every document of a YAML text, without the empty ones. Read as Kubernetes' own tools read it: by YAML 1.1, where `0644` is octal and
 * `on` is true, but for dates, which stay text. Large documents, which are definitions of kinds that never change, are remembered in
 * the tool cache.
 */
export function parseYaml(text: string): unknown[] {
  return text.split(/^---(?:[ \t].*)?$/m).flatMap((document) => {
    const parsed = document.length < LARGE ? parse(document) : remembered(document);
    return parsed === null || parsed === undefined ? [] : [parsed];
  });
}

function remembered(text: string): unknown {
  const name = `${createHash("sha256").update(text).digest("hex").slice(0, 32)}.json`;
  const path = join(toolsHome(), "parsed", name);
  const known = readCached(path);
  if (known !== undefined) return known;
  const parsed = parse(text);
  writeCached(path, parsed);
  return parsed;
}

function parse(text: string): unknown {
  const [document] = parseAllDocuments(text, {
    version: "1.1",
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !tag.tag.endsWith(":timestamp")),
    // The check is quadratic, and generated files need none.
    uniqueKeys: false,
  });
  const [error] = document?.errors ?? [];
  if (error !== undefined) throw error;
  return document?.toJS({ maxAliasCount: 1000 }) as unknown;
}
