package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

/** Reads or replaces key-value entries of one player, in turn. */
final class EntrySequence implements RequestSequence {
  private static final int ENTRIES = 16;
  private static final int TEXT_LENGTH = 64;

  private final ApiClient client;
  private final String name;
  private final boolean writes;
  private String token = "";
  private long player;
  private long count;

  private EntrySequence(ApiClient client, String name, boolean writes) {
    this.client = client;
    this.name = name;
    this.writes = writes;
  }

  static RequestSequence reads(ApiClient client, String name) {
    return new EntrySequence(client, name, false);
  }

  static RequestSequence writes(ApiClient client, String name) {
    return new EntrySequence(client, name, true);
  }

  @Override
  public Future<Void> prepare() {
    Future<Void> all =
        client
            .call(HttpMethod.POST, "/api/v1/login/device", null, JsonObject.of("device_id", name))
            .onSuccess(
                answer -> {
                  token = answer.getJsonObject("data").getString("access_token");
                  player = answer.getJsonObject("data").getLong("user_id");
                })
            .mapEmpty();
    for (int i = 0; i < ENTRIES; i++) {
      all = all.compose(_ -> write());
    }
    return all;
  }

  @Override
  public Future<Void> runOnce() {
    return writes ? write() : read();
  }

  private Future<Void> read() {
    String path = "/api/v1/kv/entry-" + count++ % ENTRIES + "?user_id=" + player;
    return client.call(HttpMethod.GET, path, token, null).mapEmpty();
  }

  private Future<Void> write() {
    String path = "/api/v1/me/kv/entry-" + count++ % ENTRIES;
    var value = JsonObject.of("level", count, "text", "x".repeat(TEXT_LENGTH));
    return client.call(HttpMethod.PUT, path, token, JsonObject.of("data", value)).mapEmpty();
  }
}
