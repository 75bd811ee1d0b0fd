import { createRequire } from "node:module";

import { serveLanguage } from "./language-host.ts";

/** The engine passes logging flags first and its own address last. */
const address = process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
if (address === undefined) {
  process.stderr.write("usage: pulumi-language-nodejs <address of the engine>\n");
  process.exit(1);
}

const sdk = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
await serveLanguage(address, sdk.version);
