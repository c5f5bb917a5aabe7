import type {
  DescMessage,
  DescMethodBiDiStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import * as grpc from '@grpc/grpc-js';

/** Elements and embedded test streams exceed gRPC's default of 4 MiB; the peers are on this machine. */
const channelOptions: grpc.ChannelOptions = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
};

type Method = DescService['methods'][number];

function definitionOf(method: Method): grpc.MethodDefinition<unknown, unknown> {
  const write = (schema: DescMessage) => (message: unknown) =>
    Buffer.from(toBinary(schema, message as MessageShape<DescMessage>));
  const read = (schema: DescMessage) => (bytes: Buffer) => fromBinary(schema, bytes);
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream:
      method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream:
      method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: write(method.input),
    requestDeserialize: read(method.input),
    responseSerialize: write(method.output),
    responseDeserialize: read(method.output),
    originalName: method.localName,
  };
}

type Handler<M> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>) => Promise<MessageInitShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (call: grpc.ServerWritableStream<MessageShape<I>, MessageShape<O>>) => void
      : M extends DescMethodBiDiStreaming<infer I, infer O>
        ? (call: grpc.ServerDuplexStream<MessageShape<I>, MessageShape<O>>) => void
        : never;

/** A handler for every method of a service. A unary handler rejects with a {@link statusError} or any Error (INTERNAL). */
export type ServiceHandlers<S extends DescService> = {
  [M in keyof S['method']]: Handler<S['method'][M]>;
};

/** An error that reaches the caller as a gRPC status. */
export function statusError(code: grpc.status, details: string): Error {
  return Object.assign(new Error(details), { code, details });
}

function withStatus(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof Error && 'code' in error && 'details' in error) {
    return error as grpc.ServiceError;
  }
  const details = error instanceof Error ? error.message : String(error);
  return { code: grpc.status.INTERNAL, details };
}

/** Adds a service, described by generated code, to a gRPC server. */
export function addService<S extends DescService>(
  server: grpc.Server,
  service: S,
  handlers: ServiceHandlers<S>,
): void {
  const definition: Record<string, grpc.MethodDefinition<unknown, unknown>> = {};
  const implementation: grpc.UntypedServiceImplementation = {};
  for (const method of service.methods) {
    definition[method.localName] = definitionOf(method);
    const handler = (handlers as Record<string, unknown>)[method.localName];
    if (method.methodKind !== 'unary') {
      implementation[method.localName] = handler as grpc.UntypedHandleCall;
      continue;
    }
    const unaryHandler = handler as (request: unknown) => Promise<never>;
    implementation[method.localName] = ((
      call: grpc.ServerUnaryCall<unknown, unknown>,
      done: grpc.sendUnaryData<unknown>,
    ) => {
      unaryHandler(call.request).then(
        (response) => {
          done(null, create(method.output, response));
        },
        (error: unknown) => {
          done(withStatus(error));
        },
      );
    }) as grpc.UntypedHandleCall;
  }
  server.addService(definition, implementation);
}

/** A gRPC server on 127.0.0.1 and a random port. */
export interface LocalServer {
  /** `127.0.0.1:port`. */
  endpoint: string;
  /** Ends all calls and frees the port. */
  close(): void;
}

/** Starts a server that only programs on this machine can reach. */
export async function listenLocally(register: (server: grpc.Server) => void): Promise<LocalServer> {
  const server = new grpc.Server(channelOptions);
  register(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    endpoint: `127.0.0.1:${port}`,
    close: () => {
      server.forceShutdown();
    },
  };
}

/** A channel to a gRPC server of this machine, or to a runner the user named. */
export function connect(endpoint: string): grpc.Client {
  return new grpc.Client(endpoint, grpc.credentials.createInsecure(), channelOptions);
}

/** Waits until the peer answers. @param timeoutMs milliseconds @throws if it does not. */
export function waitUntilReady(client: grpc.Client, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    client.waitForReady(Date.now() + timeoutMs, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function headersOf(metadata: Record<string, string>): grpc.Metadata {
  const headers = new grpc.Metadata();
  for (const [key, value] of Object.entries(metadata)) headers.set(key, value);
  return headers;
}

/** Calls a unary method. */
export function callUnary<I extends DescMessage, O extends DescMessage>(
  client: grpc.Client,
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  metadata: Record<string, string> = {},
): Promise<MessageShape<O>> {
  const definition = definitionOf(method);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize,
      create(method.input, request),
      headersOf(metadata),
      (error, response) => {
        if (error) reject(error);
        else resolve(response as MessageShape<O>);
      },
    );
  });
}

/** Calls a method that answers with a stream. */
export function callServerStream<I extends DescMessage, O extends DescMessage>(
  client: grpc.Client,
  method: DescMethodServerStreaming<I, O>,
  request: MessageInitShape<I>,
): grpc.ClientReadableStream<MessageShape<O>> {
  const definition = definitionOf(method);
  return client.makeServerStreamRequest(
    definition.path,
    definition.requestSerialize,
    definition.responseDeserialize,
    create(method.input, request),
  ) as grpc.ClientReadableStream<MessageShape<O>>;
}

/** Opens a stream in both directions. */
export function callBidi<I extends DescMessage, O extends DescMessage>(
  client: grpc.Client,
  method: DescMethodBiDiStreaming<I, O>,
  metadata: Record<string, string>,
): grpc.ClientDuplexStream<MessageShape<I>, MessageShape<O>> {
  const definition = definitionOf(method);
  return client.makeBidiStreamRequest(
    definition.path,
    definition.requestSerialize,
    definition.responseDeserialize,
    headersOf(metadata),
  ) as grpc.ClientDuplexStream<MessageShape<I>, MessageShape<O>>;
}
