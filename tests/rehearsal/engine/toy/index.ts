/** A program that uses everything of the plugin protocol: previews, secrets, data sources, replacements. */
import * as pulumi from "@pulumi/pulumi";

const version = "1.2.3";
const config = new pulumi.Config();

class ToyProvider extends pulumi.ProviderResource {
  constructor(name: string) {
    super(
      "toy",
      name,
      // As the SDKs of real providers do it: what is not a string travels as JSON text.
      {
        account: "123456789012",
        labels: pulumi.output({ env: "dev" }).apply(JSON.stringify),
        token: pulumi.secret("hush"),
      },
      { version },
    );
  }
}

class Thing extends pulumi.CustomResource {
  declare readonly size: pulumi.Output<number>;
  declare readonly serial: pulumi.Output<string>;

  constructor(name: string, args: Record<string, pulumi.Input<unknown>>, opts: pulumi.CustomResourceOptions) {
    super("toy:index:Thing", name, { serial: undefined, size: undefined, ...args }, { version, ...opts });
  }
}

const provider = new ToyProvider("provider");
const first = new Thing(
  "first",
  { size: config.requireNumber("size"), kind: config.get("kind") ?? "round" },
  { provider },
);
const followers = Array.from(
  { length: config.getNumber("followers") ?? 3 },
  (_, index) =>
    new Thing(
      `follower-${index}`,
      { size: first.size, note: pulumi.interpolate`after ${first.serial}` },
      { provider },
    ),
);
const hidden = new Thing("hidden", { size: 1, password: pulumi.secret("s3cret") }, { provider });
if (config.getBoolean("fragile")) {
  new Thing("fragile", { size: 1, fragile: true }, { provider });
}
if (config.getBoolean("slow")) {
  new Thing("slow", { size: 1, slow: true }, { provider });
}

const zones = pulumi.runtime.invoke("toy:index:getZones", { region: "eu-north-1" }, { provider }) as Promise<{
  zones: string[];
}>;
process.stdout.write("the program was here\n");

export const serial = first.serial;
export const count = followers.length;
export const password = (hidden as unknown as { password: pulumi.Output<string> }).password;
export const found = pulumi.output(zones).apply((answer) => answer.zones);
