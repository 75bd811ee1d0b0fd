import { dirname, join } from "node:path";

import type { Directories } from "./directories.ts";
import { toolsHome, type Tools } from "./tools.ts";

type Environment = Record<string, string>;

export interface EnvironmentArgs {
  directories: Directories;
  tools: Pick<Tools, "dir">;
  /**
   * The tool cache: inside, the user's home is not visible, so the cache could not be found through it.
   * @default {@link toolsHome}
   */
  cache?: string;
}

/** What is taken over from the user's environment: how to talk to the terminal, and nothing that could name an account. */
const KEPT = /^(TERM|COLORTERM|NO_COLOR|FORCE_COLOR|COLUMNS|LINES|LANG|LC_\w+|TZ|USER|LOGNAME|TMPDIR|CI)$/;

/** What the user's shell may hold that would lead out of the rehearsal. */
const FORBIDDEN = [
  "AWS_",
  "PULUMI_",
  "KUBE",
  "HELM_",
  "GOOGLE_",
  "AZURE_",
  "ARM_",
  "GITHUB_TOKEN",
  "NODE_OPTIONS",
];

/**
 * The whole environment of every process of a rehearsal. Nothing of the caller's is visible but the terminal's settings; AWS is
 * given dead endpoints and empty files, so a program that got past the simulated account would reach nothing.
 */
export function rehearsalEnvironment(
  args: EnvironmentArgs,
  base: Readonly<Record<string, string | undefined>>,
): Environment {
  const kept = Object.entries(base).filter(([key, value]) => KEPT.test(key) && value !== undefined);
  const system = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
  return {
    ...(Object.fromEntries(kept) as Environment),
    ...variables(args),
    PATH: [...ownPath(args), ...system].join(":"),
  };
}

/**
 * The text of `env.sh`, which brings a shell of the user into the rehearsal: `. .rehearsal/qa/env.sh`. The user's own PATH
 * stays, behind the rehearsal's.
 */
export function environmentScript(args: EnvironmentArgs): string {
  const exports = Object.entries(variables(args)).map(([key, value]) => `export ${key}=${quote(value)}`);
  return [
    "# Brings this shell into the rehearsal: its engine, its cluster, and nothing of your own accounts.",
    `for name in $(env | sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p'); do`,
    `  case "$name" in ${FORBIDDEN.map((prefix) => `${prefix}*`).join("|")}) unset "$name" ;; esac`,
    "done",
    ...exports,
    `export PATH=${quote(ownPath(args).join(":"))}:"$PATH"`,
    "",
  ].join("\n");
}

function ownPath({ directories }: EnvironmentArgs): string[] {
  const { home, checkout } = directories;
  return [join(home, "bin"), dirname(process.execPath), join(checkout, "node_modules", ".bin")];
}

function variables(args: EnvironmentArgs): Environment {
  const { root, home, backend, aws, kubernetes, checkout } = args.directories;
  return {
    HOME: join(home, "user"),
    REHEARSAL_DIR: root,
    REHEARSAL_AWS: aws,
    REHEARSAL_TOOLS: args.tools.dir,
    REHEARSAL_KUBECONFIG: join(kubernetes, "kubeconfig"),
    REHEARSAL_CHECKOUT: checkout,
    PLATFORM_CACHE: args.cache ?? toolsHome(),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${backend}`,
    // The state of a rehearsal protects nothing; the passphrase only has to be there.
    PULUMI_CONFIG_PASSPHRASE: "rehearsal",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // What is not in the rehearsal's home is missing, and must say so instead of being fetched or found elsewhere.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
}

/** A value as one word of a shell script. */
export function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
