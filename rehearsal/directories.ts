import { join } from "node:path";

/** Where everything of one rehearsal lives; see docs/rehearsal.md. */
export interface Directories {
  /** `<checkout>/.rehearsal/<environment>` */
  root: string;
  checkout: string;
  /** PULUMI_HOME */
  home: string;
  /** The engine's file backend. */
  backend: string;
  /** The shadow of the checkout in which the engine works. */
  workspace: string;
  /** The simulated AWS account. */
  aws: string;
  /** The control plane's data, certificates, logs. */
  kubernetes: string;
  /** What the API server refused and what could not be rendered, one JSON object a line. */
  records: string;
}

/** @param aws a simulated account to share with other rehearsals. @default one of its own */
export function directoriesOf(checkout: string, environment: string, aws?: string): Directories {
  const root = join(checkout, ".rehearsal", environment);
  return {
    root,
    checkout,
    home: join(root, "home"),
    backend: join(root, "backend"),
    workspace: join(root, "workspace"),
    aws: aws ?? join(root, "aws"),
    kubernetes: join(root, "kubernetes"),
    records: join(root, "records"),
  };
}
