package dev.pawl.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A collector of traces: takes them over HTTP and reads the wire format by the numbers of its
 * fields (opentelemetry-proto, trace/v1).
 */
final class OtlpCollector implements AutoCloseable {
  private final HttpServer server;
  private final List<Span> spans = new CopyOnWriteArrayList<>();

  /** A span as it came. */
  record Span(
      String trace,
      String id,
      String parent,
      String name,
      Map<String, String> attributes,
      Map<String, String> resource) {}

  OtlpCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            read(UnknownFieldSet.parseFrom(exchange.getRequestBody().readAllBytes()));
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Span> spans() {
    return spans;
  }

  private void read(UnknownFieldSet request) throws InvalidProtocolBufferException {
    for (UnknownFieldSet ofResource : messages(request, 1)) {
      Map<String, String> resource = new HashMap<>();
      for (UnknownFieldSet description : messages(ofResource, 1)) {
        resource.putAll(attributes(description, 1));
      }
      for (UnknownFieldSet ofScope : messages(ofResource, 2)) {
        for (UnknownFieldSet span : messages(ofScope, 2)) {
          spans.add(
              new Span(
                  hex(span, 1),
                  hex(span, 2),
                  hex(span, 4),
                  text(span, 5),
                  attributes(span, 9),
                  resource));
        }
      }
    }
  }

  private static Map<String, String> attributes(UnknownFieldSet message, int field)
      throws InvalidProtocolBufferException {
    Map<String, String> attributes = new HashMap<>();
    for (UnknownFieldSet pair : messages(message, field)) {
      UnknownFieldSet value = messages(pair, 2).get(0);
      attributes.put(
          text(pair, 1),
          value.hasField(1)
              ? text(value, 1)
              : String.valueOf(value.getField(3).getVarintList().stream().findFirst().orElse(0L)));
    }
    return attributes;
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field)
      throws InvalidProtocolBufferException {
    List<UnknownFieldSet> inside = new CopyOnWriteArrayList<>();
    for (ByteString bytes : message.getField(field).getLengthDelimitedList()) {
      inside.add(UnknownFieldSet.parseFrom(bytes));
    }
    return inside;
  }

  private static String hex(UnknownFieldSet message, int field) {
    List<ByteString> values = message.getField(field).getLengthDelimitedList();
    return values.isEmpty() ? "" : HexFormat.of().formatHex(values.get(0).toByteArray());
  }

  private static String text(UnknownFieldSet message, int field) {
    List<ByteString> values = message.getField(field).getLengthDelimitedList();
    return values.isEmpty() ? "" : values.get(0).toStringUtf8();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
