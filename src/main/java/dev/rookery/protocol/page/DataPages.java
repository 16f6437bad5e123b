package dev.rookery.protocol.page;

import dev.rookery.bus.Bus;
import dev.rookery.session.Tokens;
import dev.rookery.storage.StorageCommand;
import dev.rookery.storage.StoredObject;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Serves what is stored about a player: the entries of the game, and how long things are kept. */
final class DataPages {
  private static final String PATH = "/users/settings/data";
  private static final String COLLECTION = "kv";
  private static final int VALUE_CHARACTERS_MAX = 2_000;

  private final Bus bus;
  private final Duration notificationsKeptFor;

  DataPages(Bus bus, Duration notificationsKeptFor) {
    this.bus = bus;
    this.notificationsKeptFor = notificationsKeptFor;
  }

  void mount(Router router, PageRouter pages) {
    pages.getSignedIn(router, PATH, this::render);
  }

  private Future<PageResponse> render(PageRequest request) {
    String key = request.queryParameter("key");
    var list = new PageList(PATH, "page", Map.of("key", key));
    var filter =
        new StorageCommand.Filter(request.player(), null, key.isEmpty() ? null : key, false);
    return bus.ask(new StorageCommand.Search(COLLECTION, filter, list.requested(request)))
        .map(
            page ->
                PageResponse.Render.ok(
                    "settings-data",
                    Map.of(
                        "title", Message.of("Your data"),
                        "key", key,
                        "entries", list.view(page, entry -> view(entry)),
                        "kept", kept())));
  }

  private static Map<String, Object> view(StoredObject entry) {
    String value = entry.value();
    var lobby = entry.name().lobby();
    return Map.of(
        "key",
        entry.name().key(),
        "lobby",
        lobby == null ? "" : lobby.toString(),
        "bytes",
        value.getBytes(StandardCharsets.UTF_8).length,
        "value",
        value.length() > VALUE_CHARACTERS_MAX
            ? value.substring(0, VALUE_CHARACTERS_MAX) + "…"
            : value,
        "changed",
        Instant.ofEpochMilli(entry.updatedMs()));
  }

  private List<Map<String, Message>> kept() {
    Message account = Message.of("Until you delete your account");
    return List.of(
        kept(Message.of("Profile, linked accounts, devices"), account),
        kept(
            Message.of("Friends, groups, blocks"),
            Message.of("Until you end them, or delete your account")),
        kept(
            Message.of("Messages in chats"),
            Message.of("Until you delete them or your account; those of a lobby end with it")),
        kept(
            Message.of("Notifications"),
            Message.plural("{count} day", "{count} days", notificationsKeptFor.toDays())),
        kept(
            Message.of("Achievements, records, entries of the game"),
            Message.of("Until the game removes them, or you delete your account")),
        kept(
            Message.of("Sign-ins"),
            Message.plural(
                "{count} day after the last use",
                "{count} days after the last use",
                Tokens.REFRESH_LIFETIME.toDays())));
  }

  private static Map<String, Message> kept(Message what, Message howLong) {
    return Map.of("what", what, "howLong", howLong);
  }
}
