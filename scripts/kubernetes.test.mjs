// No cluster is there: what the manifests name is looked for in them, in the image and in a server that runs.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { parseAllDocuments } from "yaml";
import { read } from "./deploy/dockerfile.mjs";
import { IMAGE, OTHERS, OURS, parley } from "./deploy/processes.mjs";
import { ROOT } from "./prepare.mjs";

const folder = path.join(ROOT, "deploy/kubernetes");
const manifests = readdirSync(folder).flatMap((name) =>
  parseAllDocuments(read(path.join(folder, name))).map((document) => {
    assert.deepEqual(document.errors, [], name);
    return document.toJS();
  }),
);
const of = (...kinds) => manifests.filter(({ kind }) => kinds.includes(kind));
const named = (kind, name) => manifests.find((one) => one.kind === kind && one.metadata.name === name);
const workloads = of("Deployment", "StatefulSet", "Job").map((one) => ({
  ...one,
  name: one.metadata.name,
  labels: one.spec.template.metadata.labels,
  pod: one.spec.template.spec,
  container: one.spec.template.spec.containers[0],
}));
const selected = (labels) =>
  workloads.filter((one) => Object.entries(labels).every(([name, value]) => one.labels[name] === value));
/** What the secret is to be made of, by the command in the documentation. */
const SECRET = (() => {
  const [, name, keys = ""] =
    /kubectl -n \S+ create secret generic (\S+)((?:\s*\\?\s*--from-literal=\S+?=\S*(?:\([^)]*\))?)+)/.exec(
      read(path.join(ROOT, "docs/operations.md")),
    ) ?? [];
  return { name, keys: [...keys.matchAll(/--from-literal=(\w+)=/g)].map(([, key]) => key) };
})();

/** The variables of a container, with those of others put in that a value names. */
function variables({ env = [], envFrom = [] }) {
  const all = {};
  for (const { configMapRef, secretRef } of envFrom) {
    if (configMapRef) Object.assign(all, named("ConfigMap", configMapRef.name).data);
    if (secretRef) for (const key of SECRET.keys) all[key] = `${key.toLowerCase()}-of-the-secret`;
  }
  for (const { name, value, valueFrom } of env) {
    all[name] = valueFrom
      ? "from elsewhere"
      : value.replace(/\$\((\w+)\)/g, (_, other) => {
          assert.ok(other in all, `${name} names ${other}, which is not there before it`);
          return all[other];
        });
  }
  return all;
}

test("every manifest is of a kind and version that there is, and has a name of its own", () => {
  const versions = {
    ...{ ConfigMap: "v1", Service: "v1", Deployment: "apps/v1", StatefulSet: "apps/v1", Job: "batch/v1" },
    ...{ Ingress: "networking.k8s.io/v1", NetworkPolicy: "networking.k8s.io/v1", PodDisruptionBudget: "policy/v1" },
  };
  for (const { apiVersion, kind } of manifests) assert.equal(apiVersion, versions[kind], kind);
  const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  assert.equal(new Set(names).size, names.length);
});

test("commands, variables and values are Parley's", () => {
  const roles = workloads.filter(({ container }) => container.image === OURS);
  assert.deepEqual(roles.map(({ name }) => name).sort(), ["proxy", "setup", "studio", "workflow"]);
  for (const { name, container, pod } of roles) {
    const { NATS_TOKEN, ...env } = variables(container);
    assert.ok(NATS_TOKEN, name);
    const { role, port, drain } = parley(container.args, env);
    assert.equal(role, name);
    if (role === "setup") continue;
    assert.deepEqual([port], IMAGE.ports);
    const before = container.lifecycle?.preStop.sleep.seconds ?? 0;
    assert.ok(
      pod.terminationGracePeriodSeconds * 1000 >= before * 1000 + drain + 5_000,
      `${name} is killed while it drains`,
    );
  }
});

test("images are ours, or others' with a version", () => {
  for (const { name, container } of workloads) assert.ok(container.image === OURS || container.image in OTHERS, name);
});

test("pods run as the image's user, with nothing to write but their volumes, and may do nothing else", () => {
  const [uid, gid] = IMAGE.user.split(":").map(Number);
  for (const { name, pod, container } of workloads) {
    const { runAsNonRoot, runAsUser, runAsGroup, fsGroup, seccompProfile } = pod.securityContext;
    assert.deepEqual(
      [runAsNonRoot, runAsUser, runAsGroup, fsGroup, seccompProfile.type],
      [true, uid, gid, gid, "RuntimeDefault"],
      name,
    );
    assert.deepEqual(
      container.securityContext,
      { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      name,
    );
    // A service called "x" would otherwise be variables called X_PORT in every pod.
    assert.deepEqual([pod.enableServiceLinks, pod.automountServiceAccountToken], [false, false], name);
    const { requests, limits } = container.resources;
    assert.ok(requests.cpu && requests.memory && limits.memory, name);
  }
});

test("volumes, configuration and secrets that are named are defined", () => {
  for (const { name, pod, container, spec } of workloads) {
    const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
    const volumes = [...(pod.volumes ?? []).map((volume) => volume.name), ...claims];
    const mounts = container.volumeMounts ?? [];
    assert.deepEqual(mounts.map((mount) => mount.name).sort(), volumes.sort(), name);
    if (container.image === OURS && name !== "setup") {
      assert.ok(
        mounts.some(({ mountPath }) => mountPath === IMAGE.env.DATA_DIR),
        name,
      );
    }
    for (const { configMap } of pod.volumes ?? []) if (configMap) assert.ok(named("ConfigMap", configMap.name), name);
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      if (configMapRef) assert.ok(named("ConfigMap", configMapRef.name), name);
      if (secretRef) assert.equal(secretRef.name, SECRET.name, name);
    }
    for (const { valueFrom } of container.env ?? []) {
      const key = valueFrom?.secretKeyRef;
      if (key) assert.ok(key.name === SECRET.name && SECRET.keys.includes(key.key), `${name}: ${key.name} ${key.key}`);
    }
  }
});

test("selectors find pods, and services, budgets and the ingress lead to ports that there are", () => {
  const ports = ({ container }) => container.ports.map((port) => port.name);
  for (const { name, spec, kind } of workloads) {
    if (kind === "Job") continue;
    assert.deepEqual(
      selected(spec.selector.matchLabels).map((one) => one.name),
      [name],
    );
    if (kind === "StatefulSet")
      assert.deepEqual(named("Service", spec.serviceName).spec.selector, spec.selector.matchLabels);
  }
  for (const { metadata, spec } of of("Service")) {
    const [pods] = selected(spec.selector);
    for (const { targetPort } of spec.ports) assert.ok(ports(pods).includes(targetPort), metadata.name);
  }
  for (const { metadata, spec } of of("PodDisruptionBudget")) {
    const [{ spec: workload }] = selected(spec.selector.matchLabels);
    assert.ok(spec.maxUnavailable >= 1 && spec.maxUnavailable < workload.replicas, metadata.name);
  }
  assert.deepEqual(
    of("PodDisruptionBudget")
      .map(({ metadata }) => metadata.name)
      .sort(),
    ["nats", "proxy", "workflow"],
  );
  for (const { spec } of of("NetworkPolicy")) {
    assert.ok(selected(spec.podSelector.matchLabels).length > 0);
    for (const { podSelector } of spec.ingress.flatMap(({ from }) => from)) {
      assert.equal(selected(podSelector.matchLabels).length, workloads.length);
    }
  }
  const [{ spec: ingress }] = of("Ingress");
  const hosts = ingress.rules.map(({ host }) => host);
  assert.deepEqual(
    [hosts, ingress.tls[0].hosts],
    [[new URL(named("ConfigMap", "parley").data.PUBLIC_URL).hostname], hosts],
  );
  const ways = ingress.rules[0].http.paths.map(({ path: way, backend: { service } }) => {
    assert.ok(named("Service", service.name).spec.ports.some(({ name }) => name === service.port.name));
    return [way, service.name];
  });
  const studio = ["/studio", "/api", "/preview", "/shared"].map((way) => [way, "studio"]);
  assert.deepEqual(ways, [...studio, ["/", "proxy"]]);
});

test("hosts that the variables and the servers' configuration name are services or pods of one", () => {
  const texts = workloads.flatMap(({ container }) => (container.env ?? []).map(({ value }) => value ?? ""));
  texts.push(named("ConfigMap", "nats").data["nats.conf"]);
  const reached = texts.flatMap((text) => [...text.matchAll(/(?<=\/\/|@|,)(?:nats:\/\/)?([a-z][\w.-]*):(\d+)/g)]);
  assert.ok(reached.length >= 10);
  for (const [, host, port] of reached) {
    const [service, pod] = host.split(".").reverse();
    const { spec } = named("Service", service);
    assert.ok(
      spec.ports.some((one) => one.port === Number(port)),
      `${host}:${port}`,
    );
    if (pod === undefined) continue;
    const [workload] = selected(spec.selector);
    assert.equal(spec.clusterIP, "None");
    assert.ok(Number(pod.slice(workload.name.length + 1)) < workload.spec.replicas, host);
  }
});

test("NATS listens where its ports say, and writes to the disk before it acknowledges", () => {
  const config = named("ConfigMap", "nats").data["nats.conf"];
  assert.match(config, /^ {2}sync_interval: always$/m);
  const { container } = workloads.find(({ name }) => name === "nats");
  const listens = [...config.matchAll(/^\s*(?:listen|http): 0\.0\.0\.0:(\d+)$/gm)].map(([, port]) => Number(port));
  assert.deepEqual(container.ports.map((port) => port.containerPort).sort(), listens.sort());
  assert.ok(container.volumeMounts.some(({ mountPath }) => mountPath === /store_dir: (\S+)/.exec(config)?.[1]));
  assert.ok(container.args.includes(`${container.volumeMounts[0].mountPath}/nats.conf`));
});

test("every probe of ours asks for an address that a server answers", async (context) => {
  const data = mkdtempSync(path.join(tmpdir(), "parley-kubernetes-"));
  context.after(() => rmSync(data, { recursive: true, force: true, maxRetries: 3 }));
  const args = ["runtime/bin/parley.js", ...IMAGE.command, "--port", "0", "--data-dir", data];
  const server = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  context.after(() => server.kill("SIGKILL"));
  let output = "";
  for await (const chunk of server.stdout) {
    output += chunk;
    if (output.includes("Data")) break;
  }
  const [address] = /http:\/\/localhost:\d+/.exec(output) ?? [];
  for (const { name, container } of workloads.filter(({ container }) => container.image === OURS && container.ports)) {
    for (const kind of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const { httpGet } = container[kind];
      assert.ok(
        container.ports.some((port) => port.name === httpGet.port),
        `${name}: ${httpGet.port}`,
      );
      assert.equal((await fetch(`${address}${httpGet.path}`)).status, 200, `${name}: ${httpGet.path}`);
    }
  }
});
