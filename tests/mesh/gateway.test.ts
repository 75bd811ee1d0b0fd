import assert from "node:assert/strict";
import { Gateway } from "@kubernetes-models/istio/networking.istio.io/v1/Gateway";

import type { Manifest } from "../../lib/manifests.ts";
import { gatewayCertificate, gatewaySecret } from "../../mesh/gateway-certificate.ts";
import { gatewayObject } from "../../mesh/gateway-object.ts";
import { gatewayService, loadBalancerAnnotations } from "../../mesh/gateway-service.ts";
import { gatewayValues } from "../../mesh/gateway-values.ts";
import { addressOf, IngressGateway } from "../../mesh/gateway.ts";
import { collect, find, runUnderMocks, testProviders, type Recorded } from "../helpers/mocks.ts";
import { placeOf } from "../helpers/placed.ts";
import { raises } from "../helpers/raises.ts";

interface Server {
  port: { number: number };
  hosts: string[];
  tls?: Record<string, unknown>;
}

const located = [
  { namespace: "shop-qa", host: "shop.qa.example.com" },
  { namespace: "calculator", host: "calculator.qa.example.com" },
];
const serversOf = (manifest: Manifest): Server[] => (manifest["spec"] as { servers: Server[] }).servers;

const { environment, systems } = placeOf("qa");
const release = "kubernetes:helm.sh/v3:Release";

function gateway(loadBalancerClass: string, placed = systems): IngressGateway {
  return new IngressGateway(
    "gateway",
    {
      environment,
      systems: placed,
      config: { minReplicas: 1, maxReplicas: 3, http: { mode: "redirect" } },
      loadBalancerClass,
    },
    { provider: testProviders().kubernetes },
  );
}

describe("the Gateway object", () => {
  const redirecting = gatewayObject("qa", located, { mode: "redirect" });

  it("opens each host to its own system's namespace only", () => {
    new Gateway(redirecting).validate();
    for (const { hosts } of serversOf(redirecting)) {
      assert.deepEqual(hosts, ["calculator/calculator.qa.example.com", "shop-qa/shop.qa.example.com"]);
    }
  });

  it("redirects HTTP, and terminates TLS 1.2 or newer with cert-manager's certificate", () => {
    const [http, https] = serversOf(redirecting);
    assert.deepEqual([http?.port.number, http?.tls], [80, { httpsRedirect: true }]);
    assert.equal(https?.port.number, 443);
    assert.deepEqual(https?.tls, {
      mode: "SIMPLE",
      credentialName: gatewaySecret,
      minProtocolVersion: "TLSV1_2",
    });
  });

  it("serves HTTP where that has a reason, and shows the reason", () => {
    const serving = gatewayObject("qa", located, { mode: "serve", reason: "a demonstration" });
    new Gateway(serving).validate();
    assert.equal(serversOf(serving)[0]?.tls, undefined);
    assert.deepEqual(serving.metadata.annotations, { "platform.mesh/plain-http": "a demonstration" });
  });
});

describe("the gateway's certificate", () => {
  it("is for all hosts and lands in the secret that the Gateway object names", () => {
    const spec = gatewayCertificate("qa", ["a.example.com", "b.example.com"])["spec"] as Record<
      string,
      unknown
    >;
    assert.deepEqual(spec["dnsNames"], ["a.example.com", "b.example.com"]);
    assert.equal(spec["secretName"], gatewaySecret);
  });
});

describe("the gateway's values", () => {
  const values = gatewayValues({
    environment: "qa",
    replicas: { minReplicas: 2, maxReplicas: 6 },
  });

  it("give a stopping replica longer than its drain", () => {
    const { "proxy.istio.io/config": config } = values["podAnnotations"] as Record<string, string>;
    const { terminationDrainDuration } = JSON.parse(config ?? "{}") as { terminationDrainDuration: string };
    assert.ok(
      Number(values["terminationGracePeriodSeconds"]) > Number.parseInt(terminationDrainDuration, 10),
    );
  });
});

describe("the gateway's Service", () => {
  it("keeps the client's address and publishes ports 80 and 443 only", () => {
    const { spec } = gatewayService({ environment: "qa", loadBalancerClass: "", tags: {} });
    const { externalTrafficPolicy, ports } = spec as {
      externalTrafficPolicy: string;
      ports: { port: number }[];
    };
    assert.equal(externalTrafficPolicy, "Local");
    assert.deepEqual(
      ports.map(({ port }) => port),
      [80, 443],
    );
  });

  it("lets everyone in, or the networks that are named", () => {
    const specOf = (sourceRanges?: readonly string[]) =>
      gatewayService({ environment: "qa", loadBalancerClass: "", tags: {}, sourceRanges }).spec as object;
    assert.ok(!("loadBalancerSourceRanges" in specOf()));
    assert.deepEqual(
      (specOf(["203.0.113.0/24"]) as { loadBalancerSourceRanges: string[] }).loadBalancerSourceRanges,
      ["203.0.113.0/24"],
    );
  });

  it("tags the load balancer like everything else", () => {
    const annotations = loadBalancerAnnotations({ "platform:environment": "qa", "platform:layer": "mesh" });
    assert.equal(
      annotations["service.beta.kubernetes.io/aws-load-balancer-additional-resource-tags"],
      "platform:environment=qa,platform:layer=mesh",
    );
    assert.equal(annotations["service.beta.kubernetes.io/aws-load-balancer-type"], "nlb");
  });
});

describe("the ingress gateway", () => {
  const service = "kubernetes:core/v1:Service";

  it("names the class of its load balancer only where infra promises one", async () => {
    const specOf = (resources: Recorded[]) =>
      find(resources, service).inputs["spec"] as Record<string, unknown>;
    const own = specOf(await collect(() => gateway("eks.amazonaws.com/nlb")));
    assert.equal(own["loadBalancerClass"], "eks.amazonaws.com/nlb");
    const providers = specOf(await collect(() => gateway("")));
    assert.equal(Object.hasOwn(providers, "loadBalancerClass"), false);
  });

  it("asks for its load balancer when it can answer, and tells the name that the cloud gave it", async () => {
    const { resources, outputs } = await runUnderMocks(() => ({ hostname: gateway("").hostname }));
    assert.match(String(outputs["hostname"]), /^istio-ingressgateway-.*\.amazonaws\.com$/);
    assert.deepEqual(find(resources, service).dependsOn, [find(resources, release).urn]);
    assert.deepEqual((find(resources, release).inputs["values"] as Record<string, unknown>)["service"], {
      type: "None",
    });
  });

  it("has neither hosts nor a certificate where there is no system", async () => {
    const types = (await collect(() => gateway("", []))).map(({ type }) => type);
    assert.equal(
      types.some((type) => /:(Gateway|Certificate|ClusterIssuer)$/.test(type)),
      false,
    );
  });
});

describe("the address of a load balancer", () => {
  it("is its host name, or its address where it has no name", () => {
    assert.equal(addressOf({ loadBalancer: { ingress: [{ hostname: "a.example.com" }] } }), "a.example.com");
    assert.equal(addressOf({ loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } }), "192.0.2.7");
  });

  it("must be there", () => {
    raises("GATEWAY_WITHOUT_ADDRESS", () => addressOf({ loadBalancer: { ingress: [] } }));
    raises("GATEWAY_WITHOUT_ADDRESS", () => addressOf(undefined));
  });
});
