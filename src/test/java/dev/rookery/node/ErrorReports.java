package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** Stands in for the service to which errors are reported, and keeps the reports. */
final class ErrorReports implements AutoCloseable {
  private final BlockingQueue<String> envelopes = new LinkedBlockingQueue<>();
  private final HttpServer service;

  private ErrorReports(HttpServer service) {
    this.service = service;
  }

  static ErrorReports serve() throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var reports = new ErrorReports(HttpServer.create(loopback, 0));
    reports.service.createContext("/api/42/envelope/", reports::receive);
    reports.service.start();
    return reports;
  }

  /** The address of the service, as {@code SENTRY_DSN} names it. */
  String dsn() {
    return "http://key@127.0.0.1:" + service.getAddress().getPort() + "/42";
  }

  /** The next report; waits for it. */
  String next() throws InterruptedException {
    String envelope = envelopes.poll(120, TimeUnit.SECONDS);
    assertThat(envelope).as("a report").isNotNull();
    return envelope;
  }

  /** The number of reports that were not taken yet. */
  int waiting() {
    return envelopes.size();
  }

  /** The payload of the first event; an envelope has a header, then header and payload of items. */
  static JsonNode event(String envelope) throws IOException {
    return new ObjectMapper().readTree(envelope.split("\n", 4)[2]);
  }

  private void receive(HttpExchange exchange) {
    try (exchange;
        var body = new GZIPInputStream(exchange.getRequestBody())) {
      String envelope = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      if (envelope.contains("\"type\":\"event\"")) {
        envelopes.add(envelope);
      }
      exchange.sendResponseHeaders(200, -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    service.stop(0);
  }
}
