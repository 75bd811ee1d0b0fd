import type * as pulumi from "@pulumi/pulumi";

/** Tags as the components take them. */
export type Tags = pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
