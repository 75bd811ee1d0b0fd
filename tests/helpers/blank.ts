import type { Recorded } from "./mocks.ts";

/** A custom resource without anything, for tests of what looks at resources. */
export function blankResource(urn: string, over: Partial<Recorded> = {}): Recorded {
  return {
    type: "t",
    name: urn,
    urn,
    parent: undefined,
    custom: true,
    remote: false,
    read: false,
    inputs: {},
    secrets: [],
    provider: undefined,
    providers: {},
    dependsOn: [],
    protect: undefined,
    ignoreChanges: [],
    retainOnDelete: undefined,
    deletedWith: undefined,
    outputs: {},
    computed: {},
    ...over,
  };
}
