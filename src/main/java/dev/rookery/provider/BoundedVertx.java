package dev.rookery.provider;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;

/**
 * A Vert.x whose {@link #createHttpClient(HttpClientOptions)} always gives the same client.
 *
 * <p>{@code OAuth2Auth} has no other place to hand it a client: it creates its own from options,
 * and options know no limit for the size of an answer.
 */
final class BoundedVertx extends VertxWrapper {
  private final HttpClientAgent client;

  BoundedVertx(Vertx vertx, HttpClientAgent client) {
    super((VertxInternal) vertx);
    this.client = client;
  }

  @Override
  public HttpClientAgent createHttpClient(HttpClientOptions ignored) {
    return client;
  }
}
