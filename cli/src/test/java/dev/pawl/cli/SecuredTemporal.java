package dev.pawl.cli;

import dev.pawl.db.TestCertificates;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A Temporal server at a port of this machine, with or without TLS; it wants a certificate of every
 * client where there is TLS. What is behind it can be looked at without any of that.
 */
final class SecuredTemporal implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private final TestServer.InProcessTestServer inner = TestServer.createServer(true);
  private final Set<String> authorizations = ConcurrentHashMap.newKeySet();
  private final Server server;

  private SecuredTemporal(ServerCredentials credentials) throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, credentials)
            .fallbackHandlerRegistry(new Forwarding(inner.getChannel()))
            .intercept(
                new ServerInterceptor() {
                  @Override
                  public <A, B> ServerCall.Listener<A> interceptCall(
                      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
                    String sent = headers.get(AUTHORIZATION);
                    if (sent != null) {
                      authorizations.add(sent);
                    }
                    return next.startCall(call, headers);
                  }
                })
            .build()
            .start();
  }

  /** Without TLS. */
  static SecuredTemporal open() throws IOException {
    return new SecuredTemporal(InsecureServerCredentials.create());
  }

  /** With a certificate of this authority, for clients that have one of it too. */
  static SecuredTemporal of(TestCertificates authority) throws IOException {
    TestCertificates.Issued issued = authority.issue("localhost");
    return new SecuredTemporal(
        TlsServerCredentials.newBuilder()
            .keyManager(stream(issued.certificatePem()), stream(issued.keyPem()))
            .trustManager(stream(authority.authority().certificatePem()))
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
            .build());
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  String address() {
    return "localhost:" + server.getPort();
  }

  /** What clients sent as their authorization. */
  Set<String> authorizations() {
    return authorizations;
  }

  /** The server as it is within, for whoever looks at what it has stored. */
  WorkflowServiceStubs within() {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder().setChannel(inner.getChannel()).build());
  }

  @Override
  public void close() {
    server.shutdownNow();
    inner.close();
  }

  /** Hands every call on as it came. */
  private static final class Forwarding extends HandlerRegistry {
    private final Channel to;

    Forwarding(Channel to) {
      this.to = to;
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> method =
          MethodDescriptor.newBuilder(BYTES, BYTES)
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(name)
              .build();
      return ServerMethodDefinition.create(
          method,
          ServerCalls.asyncUnaryCall(
              (byte[] request, io.grpc.stub.StreamObserver<byte[]> answer) ->
                  ClientCalls.asyncUnaryCall(
                      to.newCall(method, CallOptions.DEFAULT), request, answer)));
    }
  }
}
