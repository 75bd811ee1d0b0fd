import assert from "node:assert/strict";

import { retentionDays } from "../../infra/config/cluster.ts";
import { infraConfig, type InfraConfig } from "../../infra/config.ts";
import type { ErrorId } from "../../lib/errors.ts";
import { configOf, stacks } from "../helpers/program.ts";
import { raises } from "../helpers/raises.ts";

const network = { cidr: "10.20.0.0/16", zones: ["ap-south-1a", "ap-south-1b"], nat: "single" };
const cluster = {
  version: "1.36",
  publicAccessCidrs: ["203.0.113.0/24"],
  deletionProtection: true,
  logRetentionDays: 7,
};
const group = { instanceTypes: ["t3.medium"], capacityType: "SPOT", desired: 2, min: 1, max: 4 };
const valid = { network, cluster, nodeGroups: { general: group } };

function read(bag: Record<string, unknown>, region = "ap-south-1"): InfraConfig {
  const text = Object.fromEntries(Object.entries(bag).map(([key, value]) => [key, JSON.stringify(value)]));
  return infraConfig((name) => (name === "infra" ? text : { region }));
}

/** Reads the valid configuration with one key replaced, and holds that it is refused. */
function refuses(id: ErrorId, key: string, bag: Record<string, unknown>, rule?: RegExp): void {
  const error = raises(id, () => read({ ...valid, ...bag }));
  assert.equal(error.key, key, error.message);
  if (rule !== undefined) assert.match(error.rule, rule);
}

const inNetwork = (over: object): Record<string, unknown> => ({ network: { ...network, ...over } });
const inCluster = (over: object): Record<string, unknown> => ({ cluster: { ...cluster, ...over } });
const inGroup = (over: object): Record<string, unknown> => ({
  nodeGroups: { general: { ...group, ...over } },
});

describe("the configuration of infra", () => {
  it("defaults to what is safe", () => {
    const config = read(valid);
    assert.deepEqual(config.registry, { untaggedDays: 14, keepImages: 100, forceDelete: false });
    assert.deepEqual(config.secrets, { recoveryDays: 30 });
    assert.deepEqual(config.controllers, { replicas: 2 });
    assert.deepEqual(config.access, {});
    assert.equal(config.cluster.serviceCidr, "172.20.0.0/16");
    assert.deepEqual(config.nodeGroups["general"], { ...group, diskGiB: 50, labels: {} });
  });

  for (const stack of stacks) {
    it(`accepts the file of ${stack}`, () => {
      const values = configOf(stack);
      const config = infraConfig((bag) =>
        Object.fromEntries(
          Object.entries(values)
            .filter(([key]) => key.startsWith(`${bag}:`))
            .map(([key, value]) => [key.slice(bag.length + 1), value]),
        ),
      );
      assert.equal(config.network.zones.length, 3);
      assert.equal(config.network.nat, stack === "qa" ? "single" : "perZone");
      assert.equal(config.cluster.deletionProtection, stack === "prod");
    });
  }

  it("refuses a key that it does not know, at any depth", () => {
    refuses("CONFIG_UNKNOWN_KEY", "infra:nodegroups", { nodegroups: {} });
    refuses("CONFIG_UNKNOWN_KEY", "infra:network.zone", inNetwork({ zone: "a" }));
    refuses("CONFIG_UNKNOWN_KEY", "infra:nodeGroups.general.size", inGroup({ size: 1 }));
  });

  it("wants the keys that have no safe default", () => {
    assert.equal(raises("CONFIG_MISSING", () => read({ cluster, nodeGroups: {} })).key, "infra:network");
    refuses("CONFIG_MISSING", "infra:cluster.deletionProtection", {
      cluster: { ...cluster, deletionProtection: undefined },
    });
  });
});

describe("infra:network", () => {
  it("takes two to four zones, each once and of the environment's region", () => {
    const zones = ["a", "b", "c", "d", "e"].map((letter) => `ap-south-1${letter}`);
    for (const count of [2, 3, 4]) read({ ...valid, ...inNetwork({ zones: zones.slice(0, count) }) });
    for (const count of [0, 1, 5]) {
      refuses("CONFIG_INVALID", "infra:network.zones", inNetwork({ zones: zones.slice(0, count) }), /2 to 4/);
    }
    refuses(
      "CONFIG_INVALID",
      "infra:network.zones",
      inNetwork({ zones: ["ap-south-1a", "ap-south-1a"] }),
      /twice/,
    );
    for (const zone of ["ap-south-2a", "ap-south-1", "ap-south-1-bom-1a", "b"]) {
      refuses(
        "CONFIG_INVALID",
        "infra:network.zones",
        inNetwork({ zones: ["ap-south-1a", zone] }),
        /ap-south-1a/,
      );
    }
  });

  it("takes a private block of /16 to /20 without host bits", () => {
    for (const cidr of ["10.0.0.0/16", "172.16.0.0/20", "192.168.0.0/16", "100.64.0.0/18"]) {
      read({ ...valid, ...inNetwork({ cidr }) });
    }
    for (const cidr of [
      "10.20.0.0",
      "10.20.0/16",
      "10.256.0.0/16",
      "10.20.0.0/33",
      "10.20.0.1/16",
      "10.20.0.0/15",
      "10.20.0.0/21",
      "11.0.0.0/16",
      "172.32.0.0/16",
    ]) {
      refuses("CIDR_INVALID", "infra:network.cidr", inNetwork({ cidr }));
    }
  });

  it("keeps apart from the cluster's services", () => {
    const same = raises("CIDR_OVERLAP", () => read({ ...valid, ...inNetwork({ cidr: "172.20.0.0/16" }) }));
    assert.match(same.rule, /services, 172\.20\.0\.0\/16/);
    refuses("CIDR_OVERLAP", "infra:network.cidr", inNetwork({ cidr: "172.20.16.0/20" }));
    refuses("CIDR_OVERLAP", "infra:network.cidr", inCluster({ serviceCidr: "10.16.0.0/12" }));
    read({ ...valid, ...inNetwork({ cidr: "172.21.0.0/16" }) });
  });

  it("wants a way out for the nodes", () => {
    for (const nat of ["single", "perZone"]) read({ ...valid, ...inNetwork({ nat }) });
    refuses("CONFIG_INVALID", "infra:network.nat", inNetwork({ nat: "none" }));
    refuses("CONFIG_INVALID", "infra:network.nat", inNetwork({ nat: "perzone" }));
  });
});

describe("infra:cluster", () => {
  it("is of a version that the platform installs", () => {
    refuses("VERSION_UNSUPPORTED", "infra:cluster.version", inCluster({ version: "1.31" }));
    refuses("VERSION_UNSUPPORTED", "infra:cluster.version", inCluster({ version: "1.36.2" }));
    refuses("CONFIG_INVALID", "infra:cluster.version", inCluster({ version: 1.36 }));
  });

  it("is open to named networks of the internet, or to none", () => {
    assert.deepEqual(
      read({ ...valid, ...inCluster({ publicAccessCidrs: [] }) }).cluster.publicAccessCidrs,
      [],
    );
    for (const cidr of [
      "0.0.0.0/0",
      "0.0.0.0/1",
      "128.0.0.0/1",
      "10.0.0.0/8",
      "192.168.1.0/24",
      "203.0.113.7/24",
    ]) {
      refuses("CIDR_INVALID", "infra:cluster.publicAccessCidrs[0]", inCluster({ publicAccessCidrs: [cidr] }));
    }
    const twice = ["203.0.113.0/24", "203.0.113.0/24"];
    refuses(
      "CONFIG_INVALID",
      "infra:cluster.publicAccessCidrs",
      inCluster({ publicAccessCidrs: twice }),
      /twice/,
    );
  });

  it("has a private block for its services", () => {
    for (const serviceCidr of ["172.20.0.0", "10.96.0.0/11", "10.96.0.0/25", "8.8.0.0/16"]) {
      refuses("CIDR_INVALID", "infra:cluster.serviceCidr", inCluster({ serviceCidr }));
    }
  });

  it("keeps logs for a time that CloudWatch knows, and not for ever", () => {
    for (const logRetentionDays of retentionDays) read({ ...valid, ...inCluster({ logRetentionDays }) });
    for (const logRetentionDays of [0, 2, 8, 3654, 7.5, "7"]) {
      refuses("CONFIG_INVALID", "infra:cluster.logRetentionDays", inCluster({ logRetentionDays }));
    }
  });
});

describe("infra:nodeGroups", () => {
  it("keeps desired between min and max", () => {
    const at = "infra:nodeGroups.general";
    read({ ...valid, ...inGroup({ desired: 3, min: 3, max: 3 }) });
    refuses("CONFIG_INVALID", `${at}.min`, inGroup({ min: 5, max: 4 }), /max, which is 4/);
    refuses("CONFIG_INVALID", `${at}.desired`, inGroup({ desired: 5 }), /1 to 4/);
    refuses("CONFIG_INVALID", `${at}.desired`, inGroup({ desired: 0 }), /1 to 4/);
    refuses("CONFIG_INVALID", `${at}.min`, inGroup({ min: -1 }));
    refuses("CONFIG_INVALID", `${at}.max`, inGroup({ desired: 0, min: 0, max: 0 }));
    refuses("CONFIG_INVALID", `${at}.desired`, inGroup({ desired: 1.5 }));
  });

  it("names instance types of one architecture", () => {
    const at = "infra:nodeGroups.general.instanceTypes";
    read({ ...valid, ...inGroup({ instanceTypes: ["m7g.large", "c7gn.large", "t4g.medium"] }) });
    refuses("CONFIG_INVALID", at, inGroup({ instanceTypes: [] }), /at least one/);
    refuses(
      "CONFIG_INVALID",
      at,
      inGroup({ instanceTypes: ["t3.medium", "t4g.medium"] }),
      /one architecture/,
    );
    refuses("CONFIG_INVALID", at, inGroup({ instanceTypes: ["t3.medium", "t3.medium"] }), /twice/);
    refuses("CONFIG_INVALID", `${at}[0]`, inGroup({ instanceTypes: ["t3"] }), /such as t3\.medium/);
  });

  it("knows on-demand and spot capacity, and disks from 20 GiB", () => {
    refuses("CONFIG_INVALID", "infra:nodeGroups.general.capacityType", inGroup({ capacityType: "spot" }));
    for (const diskGiB of [19, 16385, "50"]) {
      refuses("CONFIG_INVALID", "infra:nodeGroups.general.diskGiB", inGroup({ diskGiB }));
    }
  });

  it("has a group that always has nodes", () => {
    const noNodes = /a minimum above 0/;
    refuses("CONFIG_INVALID", "infra:nodeGroups", { nodeGroups: {} }, noNodes);
    refuses("CONFIG_INVALID", "infra:nodeGroups", inGroup({ min: 0 }), noNodes);
    read({ ...valid, nodeGroups: { general: group, burst: { ...group, desired: 0, min: 0 } } });
  });

  it("names groups in lower case", () => {
    raises("CONFIG_INVALID", () => read({ ...valid, nodeGroups: { General: group } }));
  });
});

describe("the other keys of infra", () => {
  it("give each role one scope", () => {
    const roleArn = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/ops_1";
    read({ ...valid, access: { ops: { roleArn, scope: "admin" } } });
    const twice = { ops: { roleArn, scope: "admin" }, dev: { roleArn, scope: "view" } };
    refuses("CONFIG_INVALID", "infra:access", { access: twice }, /one scope/);
    refuses("CONFIG_INVALID", "infra:access.ops.scope", { access: { ops: { roleArn, scope: "root" } } });
    const user = "arn:aws:iam::111122223333:user/ops";
    refuses("CONFIG_INVALID", "infra:access.ops.roleArn", {
      access: { ops: { roleArn: user, scope: "view" } },
    });
  });

  it("keep deleted secrets for no time, or for 7 to 30 days", () => {
    for (const recoveryDays of [0, 7, 30]) read({ ...valid, secrets: { recoveryDays } });
    for (const recoveryDays of [-1, 1, 6, 31]) {
      refuses("CONFIG_INVALID", "infra:secrets.recoveryDays", { secrets: { recoveryDays } }, /7 to 30/);
    }
  });

  it("keep enough images, and run at least one replica of a controller", () => {
    refuses("CONFIG_INVALID", "infra:registry.keepImages", { registry: { keepImages: 9 } });
    refuses("CONFIG_INVALID", "infra:registry.untaggedDays", { registry: { untaggedDays: 0 } });
    refuses("CONFIG_INVALID", "infra:controllers.replicas", { controllers: { replicas: 0 } });
    refuses("CONFIG_INVALID", "infra:controllers.replicas", { controllers: { replicas: 6 } });
  });
});
