import { createHash } from "node:crypto";
import type { ResourceHook } from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { objectKey, isClusterScoped, isKubernetes } from "./objects";
import type { PlannedHook, PlannedResource } from "./plan";
import {
    base64,
    compareText,
    computedPlaceholder,
    plainValue,
    secretPlaceholder,
    wireSecret,
    wireUnknown,
} from "./values";
import { isFields } from "../../policy/views/raw";

export const stackType = "pulumi:pulumi:Stack";
/** How another stack that is referred to shows among the resources. */
export const stackReferenceType = "pulumi:pulumi:StackReference";

/**
 * Secret outputs that only a provider can compute, by resource type: they become the secret placeholder. Others stay
 * unknown.
 */
const secretOutputs: Readonly<Record<string, readonly string[]>> = {
    "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
    "random:index/randomBytes:RandomBytes": ["base64", "hex"],
    "tls:index/privateKey:PrivateKey": ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"],
};

/**
 * Outputs that only a provider can compute and that are nobody's secret, by resource type: a placeholder, so that the rest
 * of a map which holds one stays known.
 */
const publicOutputs: Readonly<Record<string, readonly string[]>> = {
    "tls:index/privateKey:PrivateKey": ["publicKeyPem", "publicKeyOpenssh"],
    "tls:index/certRequest:CertRequest": ["certRequestPem"],
    "tls:index/selfSignedCert:SelfSignedCert": ["certPem"],
    "tls:index/locallySignedCert:LocallySignedCert": ["certPem"],
};

/** What the recorder needs to know about the run that it stands in for. */
export interface RecorderOptions {
    readonly project: string;
    readonly stack: string;
    /** Outputs of other stacks by full name, such as `organization/data-platform/base`; unknown where absent. */
    readonly stackOutputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    /** Told the first fault at once: the SDK itself would only reject promises that perhaps nobody waits for. */
    readonly onFault: (fault: Error) => void;
}

type HookRequest = Pick<proto.RegisterResourceHookRequest, "getName" | "getOnDryRun">;
type Hook = Pick<ResourceHook, "name" | "opts">;
type Reply<T> = (error: Error | null, response?: T) => void;

/**
 * Stands in for the engine: answers every registration the way a preview would, and keeps what was registered.
 *
 * The SDK's own mock monitor hands its callbacks neither the parent nor any resource option, lets a second resource
 * with the same URN silently replace the first, and claims to support hooks but has no method for them.
 */
export class RecordingMonitor extends MockMonitor {
    private readonly recorded = new Map<string, PlannedResource>();
    private readonly componentOutputs = new Map<string, Record<string, unknown>>();
    private readonly hooks = new Map<string, PlannedHook>();
    private readonly objects = new Map<string, string>();
    private closed = false;

    constructor(private readonly options: RecorderOptions) {
        super({
            call: ({ token }) => {
                throw new Error(`a plan asks nobody: the call of ${token} needs a provider`);
            },
            newResource: ({ type }) => {
                throw new Error(`unexpected use of the mock for ${type}`);
            },
        });
    }

    /** Ends the recording. A registration that comes later was not waited for, and is a fault. */
    public close(): void {
        this.closed = true;
    }

    public recordedResources(): PlannedResource[] {
        return [...this.recorded.values()].map((resource) => ({
            ...resource,
            outputs: this.componentOutputs.get(resource.urn) ?? resource.outputs,
        }));
    }

    public recordedHooks(): PlannedHook[] {
        return [...this.hooks.values()].sort((a, b) => compareText(a.name, b.name));
    }

    /** The outputs that the root stack resource registered. */
    public stackOutputs(): Record<string, unknown> {
        return (
            this.componentOutputs.get(this.urn("", stackType, `${this.options.project}-${this.options.stack}`)) ?? {}
        );
    }

    public override registerResource(
        request: proto.RegisterResourceRequest,
        reply: Reply<proto.RegisterResourceResponse>,
    ): Promise<void> {
        this.answer(reply, `${request.getName()} (${request.getType()})`, () => {
            const type = request.getType();
            const urn = this.urn(request.getParent(), type, request.getName());
            const wire = wireObject(request.getObject());
            const object = isKubernetes(type) ? this.withDefaults(urn, request, wire) : wire;
            const resource = registeredResource(urn, request, object);
            const id = request.getCustom() ? this.idOf(resource) : "";
            this.add(resource);

            const response = new proto.RegisterResourceResponse();
            response.setUrn(urn);
            response.setId(id);
            response.setObject(Struct.fromJavaScript(this.stateOf(request, object) as never));
            return response;
        });
        return Promise.resolve();
    }

    public override readResource(
        request: proto.ReadResourceRequest,
        reply: Reply<proto.ReadResourceResponse>,
    ): Promise<void> {
        this.answer(reply, `${request.getName()} (${request.getType()})`, () => {
            const urn = this.urn(request.getParent(), request.getType(), request.getName());
            const state = this.readState(request);
            this.add(existingResource(urn, request, state));
            const response = new proto.ReadResourceResponse();
            response.setUrn(urn);
            response.setProperties(Struct.fromJavaScript(state as never));
            return response;
        });
        return Promise.resolve();
    }

    public override registerResourceOutputs(
        request: proto.RegisterResourceOutputsRequest,
        reply: Reply<Record<string, never>>,
    ): void {
        this.answer(reply, request.getUrn(), () => {
            const outputs = plainValue(wireObject(request.getOutputs())).value as Record<string, unknown>;
            this.componentOutputs.set(request.getUrn(), outputs);
            return {};
        });
    }

    /** Keeps a hook's name and whether it runs in a preview. The hook itself never runs: there is no old state. */
    public registerResourceHook(request: HookRequest, reply: Reply<Record<string, never>>): void {
        this.answer(reply, `hook ${request.getName()}`, () => {
            if (this.hooks.has(request.getName())) {
                throw new Error("a hook of this name is registered already");
            }
            this.hooks.set(request.getName(), { name: request.getName(), onDryRun: request.getOnDryRun() });
            return {};
        });
    }

    /**
     * Takes the place of the SDK's callback server, which would open a port on which the engine calls hooks back: a plan
     * opens none. It would also register a hook so late that one which no resource uses is missing in some plans.
     *
     * Must follow `setMockOptions`, which forgets it.
     */
    public takeCallbacks(): void {
        const register = (hook: Hook): Promise<void> =>
            new Promise((resolve, reject) => {
                const request = { getName: () => hook.name, getOnDryRun: () => hook.opts?.onDryRun ?? false };
                this.registerResourceHook(request, (error) => (error === null ? resolve() : reject(error)));
            });
        const { globalStore } = globalThis as unknown as { globalStore: { callbacks: unknown } };
        globalStore.callbacks = {
            registerResourceHook: register,
            awaitStackRegistrations: () => Promise.resolve(),
            shutdown: () => undefined,
        };
    }

    /** Transforms and error hooks would be calls from the engine: a plan that ignored them in silence would be wrong. */
    public override supportsFeature(
        request: proto.SupportsFeatureRequest,
        reply: Reply<{ getHassupport: () => boolean }>,
    ): void {
        const missing = ["outputValues", "transforms", "invokeTransforms", "errorHooks"];
        const supported = !missing.includes(request.getId());
        reply(null, { getHassupport: () => supported });
    }

    private answer<T>(reply: Reply<T>, what: string, respond: () => T): void {
        let response: T;
        try {
            if (this.closed) {
                throw new Error("registered after the program had ended: nothing waits for it");
            }
            response = respond();
        } catch (error) {
            const fault = new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, {
                cause: error,
            });
            this.options.onFault(fault);
            reply(fault);
            return;
        }
        reply(null, response);
    }

    private add(resource: PlannedResource): void {
        if (this.recorded.has(resource.urn)) {
            throw new Error(`duplicate URN ${resource.urn}`);
        }
        const key = resource.read ? undefined : objectKey(resource);
        if (key !== undefined) {
            const other = this.objects.get(key);
            if (other !== undefined) {
                throw new Error(`the object ${key} is registered twice, also as ${other}`);
            }
            this.objects.set(key, resource.urn);
        }
        this.recorded.set(resource.urn, resource);
    }

    /** The engine's rule: a child's type carries the types of all its parents, except the stack's own. */
    private urn(parent: string, type: string, name: string): string {
        const parentType = parent === "" ? stackType : (parent.split("::")[2] ?? "");
        const qualified = parentType === stackType ? type : `${parentType}$${type}`;
        return `urn:pulumi:${this.options.stack}::${this.options.project}::${qualified}::${name}`;
    }

    /** What the Kubernetes provider's check adds before anyone looks: a generated name, its default namespace. */
    private withDefaults(
        urn: string,
        request: proto.RegisterResourceRequest,
        wire: Record<string, unknown>,
    ): Record<string, unknown> {
        const metadata = isFields(wire.metadata) ? wire.metadata : {};
        const provider = this.recorded.get(request.getProvider().split("::").slice(0, -1).join("::"));
        const namespace = provider?.inputs.namespace;
        const added: Record<string, unknown> = {};
        if (metadata.name === undefined && metadata.generateName === undefined) {
            // The provider adds eight random characters; here they are the URN's own, so that no two runs differ.
            added.name = `${request.getName()}-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
        }
        if (typeof namespace === "string" && metadata.namespace === undefined && !isClusterScoped(wire.kind)) {
            added.namespace = namespace;
        }
        return Object.keys(added).length === 0 ? wire : { ...wire, metadata: { ...metadata, ...added } };
    }

    private idOf(resource: PlannedResource): string {
        if (!isKubernetes(resource.type)) {
            return `${resource.name}-id`;
        }
        const metadata = isFields(resource.inputs.metadata) ? resource.inputs.metadata : {};
        return [metadata.namespace, metadata.name].filter((part) => typeof part === "string").join("/");
    }

    private stateOf(request: proto.RegisterResourceRequest, object: Record<string, unknown>): Record<string, unknown> {
        const type = request.getType();
        return {
            ...object,
            ...Object.fromEntries((secretOutputs[type] ?? []).map((key) => [key, wireSecret(secretPlaceholder)])),
            ...Object.fromEntries((publicOutputs[type] ?? []).map((key) => [key, computedPlaceholder])),
        };
    }

    private readState(request: proto.ReadResourceRequest): Record<string, unknown> {
        const id = request.getId();
        if (request.getType() === stackReferenceType) {
            const outputs = this.options.stackOutputs[id];
            return outputs === undefined ? { name: id } : { name: id, outputs, secretOutputNames: [] };
        }
        if (!isKubernetes(request.getType())) {
            return {};
        }
        const [name, namespace] = id.split("/").reverse();
        const kind = request.getType().split(":")[2];
        const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
        // Which keys an existing Secret has is its own secret; what is made of them is marked as one.
        const data = kind === "Secret" ? { data: wireSecret(wireUnknown) } : {};
        return { kind, metadata, ...data };
    }
}

function wireObject(struct: Struct | undefined): Record<string, unknown> {
    return struct === undefined ? {} : struct.toJavaScript();
}

/** The wire format has no undefined: a text that is not set is empty. */
function optional(text: string): string | undefined {
    return text === "" ? undefined : text;
}

/** Secrets become placeholders; those in the `data` of a Secret stay base64, as the API server insists. */
function plainFields(
    type: string,
    wire: Record<string, unknown>,
): Pick<PlannedResource, "inputs" | "secretPaths" | "computedPaths"> {
    const isSecret = /^kubernetes:core\/v1:Secret(Patch)?$/.test(type);
    const { value, ...paths } = plainValue(wire, (placeholder, path) =>
        isSecret && /^data[.[]/.test(path) ? base64(placeholder) : placeholder,
    );
    return { inputs: value as Record<string, unknown>, ...paths };
}

function registeredResource(
    urn: string,
    request: proto.RegisterResourceRequest,
    wire: Record<string, unknown>,
): PlannedResource {
    const timeouts = request.getCustomtimeouts()?.toObject();
    return {
        urn,
        type: request.getType(),
        name: request.getName(),
        parent: optional(request.getParent()),
        custom: request.getCustom(),
        read: false,
        ...plainFields(request.getType(), wire),
        dependencies: request.getDependenciesList().sort(compareText),
        propertyDependencies: propertyDependencies(request),
        protect: request.getProtect() ?? false,
        deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
        retainOnDelete: request.getRetainondelete() ?? false,
        provider: optional(request.getProvider()),
        aliases: request.getAliasesList().map((alias) => aliasText(alias.toObject())),
        ignoreChanges: request.getIgnorechangesList(),
        customTimeouts: Object.fromEntries(Object.entries(timeouts ?? {}).filter(([, value]) => value !== "")),
        hooks: hookNames(request),
        outputs: {},
    };
}

function existingResource(
    urn: string,
    request: proto.ReadResourceRequest,
    state: Record<string, unknown>,
): PlannedResource {
    return {
        urn,
        type: request.getType(),
        name: request.getName(),
        parent: optional(request.getParent()),
        custom: true,
        read: true,
        ...plainFields(request.getType(), state),
        dependencies: request.getDependenciesList().sort(compareText),
        propertyDependencies: {},
        protect: false,
        deleteBeforeReplace: undefined,
        retainOnDelete: false,
        provider: optional(request.getProvider()),
        aliases: [],
        ignoreChanges: [],
        customTimeouts: {},
        hooks: {},
        outputs: {},
    };
}

function propertyDependencies(request: proto.RegisterResourceRequest): Record<string, string[]> {
    const entries = request
        .getPropertydependenciesMap()
        .toArray()
        .map(([key]) => {
            const urns = request.getPropertydependenciesMap().get(key)?.getUrnsList() ?? [];
            return [key, urns.sort(compareText)] as const;
        });
    return Object.fromEntries(entries.filter(([, urns]) => urns.length > 0).sort(([a], [b]) => compareText(a, b)));
}

function hookNames(request: proto.RegisterResourceRequest): Record<string, string[]> {
    const hooks = request.getHooks();
    const names = {
        beforeCreate: hooks?.getBeforeCreateList() ?? [],
        afterCreate: hooks?.getAfterCreateList() ?? [],
        beforeUpdate: hooks?.getBeforeUpdateList() ?? [],
        afterUpdate: hooks?.getAfterUpdateList() ?? [],
        beforeDelete: hooks?.getBeforeDeleteList() ?? [],
        afterDelete: hooks?.getAfterDeleteList() ?? [],
    };
    return Object.fromEntries(Object.entries(names).filter(([, list]) => list.length > 0));
}

/** An alias is a URN, or what of it was different; the declarations say that the URN is always there. */
function aliasText(alias: { readonly urn?: string; readonly spec?: object | undefined }): string {
    return alias.urn === undefined || alias.urn === "" ? JSON.stringify(alias.spec ?? {}) : alias.urn;
}
