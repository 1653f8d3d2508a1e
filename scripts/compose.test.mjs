// Nothing of compose.yaml is started here: what it names is looked for.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { parse } from "yaml";
import { read, readDockerfile } from "./deploy/dockerfile.mjs";
import { IMAGE, OTHERS, OURS, parley } from "./deploy/processes.mjs";
import { ROOT } from "./prepare.mjs";

const file = (name) => read(path.join(ROOT, name));
/** As Docker fills variables in where the shell has none. */
const filled = file("compose.yaml").replace(/\$\{\w+:-([^}]*)\}/g, "$1");
const compose = parse(filled, { merge: true });
const services = Object.entries(compose.services);
const CLUSTERS = ["nats", "fluvio"];
const isOurs = ({ image, entrypoint }) => image === OURS && entrypoint === undefined;
const settings = ({ command = [], environment = {} }) => parley(command, environment);
const inProfile = (profile) => services.filter(([, { profiles }]) => profiles.includes(profile));
/** The names by which the others of a profile find a service. */
const names = ([name, { networks }]) => [name, ...(networks?.default.aliases ?? [])];
const found = (host, profile) => inProfile(profile).find((service) => names(service).includes(host));

test("every service is of a profile, and each cluster is two proxies, two workflows and a studio behind a balancer", () => {
  assert.deepEqual([...new Set(services.flatMap(([, { profiles }]) => profiles))].sort(), ["fluvio", "nats", "single"]);
  const roles = (profile) =>
    inProfile(profile)
      .filter(([, it]) => isOurs(it))
      .map(([, it]) => settings(it).role)
      .sort();
  assert.deepEqual(roles("single"), ["all"]);
  for (const profile of CLUSTERS) {
    assert.deepEqual(roles(profile), ["proxy", "proxy", "setup", "studio", "workflow", "workflow"]);
    assert.ok(found("balancer", profile));
  }
});

test("images are ours, built here, or others' with a version", () => {
  for (const [name, { image, build }] of services) {
    if (image === OURS) assert.equal(build, ".", name);
    else assert.ok(image in OTHERS, `${name}: ${image}`);
  }
  for (const { image } of readDockerfile(file("Dockerfile"))) assert.ok(image in OTHERS, image);
});

test("commands, variables and values are Parley's, and no port but the image's is asked for", () => {
  for (const [name, service] of services.filter(([, it]) => isOurs(it))) {
    const { port, drain, role } = settings(service);
    assert.deepEqual([port], IMAGE.ports, name);
    assert.ok(
      Number.parseInt(service.stop_grace_period, 10) * 1000 >= drain + 2_000,
      `${name} is killed while it drains`,
    );
    for (const flow of (service.command ?? IMAGE.command).filter((word) => word.endsWith(".json"))) {
      assert.ok(existsSync(path.join(ROOT, flow)), flow);
    }
    if (role === "setup") continue;
    assert.ok(
      service.volumes.some((volume) => volume.endsWith(`:${IMAGE.env.DATA_DIR}`)),
      `${name} forgets what it keeps`,
    );
  }
  assert.throws(() => parley(["serve"], { PARTITION: "0" }), /no variable PARTITION/);
});

test("the partitions of the workflows on Fluvio are all of them, and each is one's", () => {
  const owned = inProfile("fluvio").flatMap(([, { environment }]) => environment?.PARTITIONS ?? []);
  const each = owned.flatMap((list) => {
    const [from, to] = list.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  assert.deepEqual(each.sort(), [...Array(Number(compose["x-cluster"].PARTITIONS_COUNT)).keys()]);
});

test("services run as plain users with nothing to write but their volumes", () => {
  for (const [name, { image, user, read_only, cap_drop, security_opt }] of services) {
    assert.deepEqual([cap_drop, security_opt], [["ALL"], ["no-new-privileges:true"]], name);
    if (!image.startsWith("infinyon/")) assert.equal(read_only, true, name);
    if (name !== "fluvio-register") assert.equal(user, undefined, name);
  }
  assert.match(IMAGE.user, /^[1-9]\d*:[1-9]\d*$/);
});

test("volumes and files that are named exist, and each volume is one service's", () => {
  const used = [];
  for (const [name, { volumes = [] }] of services) {
    for (const volume of volumes) {
      const [source, target] = volume.split(":");
      assert.match(target, /^\//, name);
      if (source.startsWith("./")) assert.ok(existsSync(path.join(ROOT, source)), `${name}: ${source}`);
      else used.push(source);
    }
  }
  assert.deepEqual([...new Set(used)].sort(), Object.keys(compose.volumes).sort());
  const shared = used.filter((source, i) => used.indexOf(source) !== i);
  assert.deepEqual(shared, ["fluvio-metadata"], "the controller's is filled before it starts");
});

test("what a service waits for is there in its profile, and comes to that", () => {
  for (const [name, { depends_on = {}, profiles }] of services) {
    const waits = Array.isArray(depends_on) ? depends_on.map((other) => [other, {}]) : Object.entries(depends_on);
    for (const [other, { condition }] of waits) {
      for (const profile of profiles) assert.ok(found(other, profile), `${name} waits for ${other}`);
      const awaited = compose.services[other];
      if (condition === "service_healthy") assert.ok(awaited.healthcheck, `${other} has no health check`);
      if (condition === "service_completed_successfully") assert.notEqual(awaited.restart, "unless-stopped", other);
    }
  }
});

test("hosts and ports that are named are those of services", () => {
  const listens = {
    "nats:2.11-alpine": [4222, 6222, 8222],
    "infinyon/fluvio:0.18.1": [9003, 9004, 9010, 9011],
    [OURS]: IMAGE.ports,
  };
  const reached = (host, port, profile) => {
    const service = found(host, profile);
    assert.ok(service, `${host} is no service of ${profile}`);
    assert.ok(listens[service[1].image]?.includes(Number(port)), `${host} does not listen on ${port}`);
  };
  for (const profile of CLUSTERS) {
    for (const [, { environment = {}, command = [], entrypoint = [] }] of inProfile(profile)) {
      const said = [environment.LOG, environment.STUDIO_URL, ...entrypoint, ...command].filter(
        (word) => !/localhost|127\.|0\.0\.0\.0/.test(word ?? ""),
      );
      for (const word of said)
        for (const [, host, port] of (word ?? "").matchAll(/([\w-]+):(\d+)/g)) reached(host, port, profile);
    }
    for (const [, host, port] of file("deploy/haproxy.cfg").matchAll(/^ {2}server \S+ ([\w-]+):(\d+)$/gm))
      reached(host, port, profile);
  }
  for (const [, host, port] of file("deploy/nats.conf").matchAll(/nats:\/\/([\w-]+):(\d+)/g))
    reached(host, port, "nats");
  for (const [name, port] of [
    ["listen", 4222],
    ["http", 8222],
  ])
    assert.match(file("deploy/nats.conf"), new RegExp(`^${name}: 0\\.0\\.0\\.0:${port}$`, "m"));
  for (const [name, { ports = [] }] of services) {
    for (const port of ports) assert.equal(port, "127.0.0.1:9998:9998", name);
  }
});

test("the balancer asks whether a process is ready, and sends to the studio what is the studio's", () => {
  const config = file("deploy/haproxy.cfg");
  assert.match(config, /^ {2}bind :9998$/m);
  assert.equal([...config.matchAll(/^ {2}option httpchk GET \/readyz$/gm)].length, 2);
  const atWork = new RegExp(String(/^ {2}acl at-work path_reg (\S+)$/m.exec(config)?.[1]));
  const ways = (paths) => paths.map((one) => [one, atWork.test(one)]);
  const studio = [
    "/studio",
    "/studio/login",
    "/studio/assets/a.js",
    "/api/flows",
    "/api/socket",
    "/preview",
    "/preview/preview.js",
    "/shared",
  ];
  assert.deepEqual(
    ways(studio),
    studio.map((one) => [one, true]),
  );
  const visitors = [
    "/",
    "/widget.js",
    "/widget/conversation-1.js",
    "/c/bot-assistant",
    "/assets/1.png",
    "/demo/demo.js",
    "/shared-by-me",
    "/apis",
  ];
  assert.deepEqual(
    ways(visitors),
    visitors.map((one) => [one, false]),
  );
});

test("NATS writes to the disk before it acknowledges", () => {
  assert.match(file("deploy/nats.conf"), /^ {2}sync_interval: always$/m);
});

test("Fluvio's units are registered under the names and numbers that they start with, once", (context) => {
  const to = mkdtempSync(path.join(tmpdir(), "parley-compose-"));
  context.after(() => rmSync(to, { recursive: true }));
  const { entrypoint, command, volumes } = compose.services["fluvio-register"];
  assert.deepEqual([entrypoint, command], [["node", "/seed/register.mjs"], ["/fluvio/metadata"]]);
  assert.ok(volumes.includes("./deploy/fluvio:/seed:ro"));
  const register = () =>
    spawnSync(process.execPath, [path.join(ROOT, "deploy/fluvio/register.mjs"), to], { encoding: "utf8" });
  assert.equal(register().status, 0);
  const units = readdirSync(path.join(to, "SPU"));
  for (const unit of units) {
    const { spec, key } = parse(read(path.join(to, "SPU", unit)), { logLevel: "silent" });
    const started = inProfile("fluvio").find(([, it]) => it.command?.includes(String(spec.spuId)));
    assert.deepEqual(
      [spec.publicEndpoint.ingress[0].hostname, spec.privateEndpoint.host],
      [started?.[0], started?.[0]],
    );
    assert.equal(`${key}.yaml`, unit);
  }
  assert.equal(units.length, 2);
  writeFileSync(path.join(to, "SPU", String(units[0])), "as the controller left it");
  assert.equal(register().stdout, "");
  assert.equal(read(path.join(to, "SPU", String(units[0]))), "as the controller left it");
});
