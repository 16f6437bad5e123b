package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The consistency check at the end: what was acknowledged is stored once, and what each client saw
 * is what is stored.
 */
final class ConsistencyCheck {
  // Longer than a client takes to connect again after several failures.
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);
  private static final int PAGE = 100;
  private static final int PAGES_MAX = 1_000;

  private final ScenarioContext context;
  private final List<SimulatedPlayer> players;

  ConsistencyCheck(ScenarioContext context, List<SimulatedPlayer> players) {
    this.context = context;
    this.players = players;
  }

  private record StoredLobby(Set<Long> members, TreeMap<Long, String> messages) {}

  /** Stops all players, waits for outstanding messages, and compares the clients with the store. */
  Future<Void> run() {
    return Future.join(players.stream().map(SimulatedPlayer::rest).toList())
        .compose(
            _ ->
                Future.join(
                    players.stream()
                        .filter(SimulatedPlayer::isHost)
                        .map(host -> host.sendMessage(host + " sends the last message"))
                        .toList()))
        .compose(
            _ ->
                EventLoopPoll.until(context, this::isSettled, SETTLED_WITHIN)
                    .recover(_ -> reportUnsettled()))
        .compose(
            _ ->
                Future.join(
                    players.stream()
                        .filter(SimulatedPlayer::isHost)
                        .map(this::readStored)
                        .toList()))
        .onSuccess(stored -> check(stored.list()))
        .recover(
            cause -> {
              context.metrics().failed("the consistency check failed: " + cause.getMessage());
              return Future.succeededFuture();
            })
        .mapEmpty();
  }

  /** Whether all clients are connected and those of each lobby are at the same position. */
  private boolean isSettled() {
    return unsettled() == null;
  }

  private Future<Void> reportUnsettled() {
    String reason = unsettled();
    if (reason != null) {
      context.metrics().failed("the clients did not settle: " + reason);
    }
    return Future.succeededFuture();
  }

  /** What there is to wait for; null if there is nothing. Connects those who are not. */
  private @Nullable String unsettled() {
    var leading = new HashMap<Long, SimulatedPlayer>();
    for (SimulatedPlayer player : players) {
      LobbyView view = player.view();
      if (view == null || !player.socket().isReady()) {
        player.socket().connect();
        return "player " + player + (view == null ? " is in no lobby" : " is not connected");
      }
      SimulatedPlayer other = leading.putIfAbsent(view.lobby(), player);
      if (other != null && offset(other) != offset(player)) {
        return "in lobby %d player %s is at offset %d, player %s at %d"
            .formatted(view.lobby(), other, offset(other), player, offset(player));
      }
    }
    return null;
  }

  private static long offset(SimulatedPlayer player) {
    return Objects.requireNonNull(player.view()).order().offset();
  }

  private Future<Map.Entry<Long, StoredLobby>> readStored(SimulatedPlayer host) {
    LobbyView view = host.view();
    if (view == null) {
      return Future.failedFuture("host " + host + " is in no lobby");
    }
    var messages = new TreeMap<Long, String>();
    return history(host, view.lobby(), 1, messages)
        .compose(_ -> host.api().get("/api/v1/lobbies/" + view.lobby()))
        .map(lobby -> Map.entry(view.lobby(), new StoredLobby(LobbyView.ids(lobby), messages)));
  }

  private Future<Void> history(
      SimulatedPlayer host, long lobby, int page, TreeMap<Long, String> all) {
    return host.api()
        .get(
            "/api/v1/chat/messages?chat_type=lobby&page_size="
                + PAGE
                + "&chat_ref_id="
                + lobby
                + "&page="
                + page)
        .compose(
            answer -> {
              JsonArray messages = answer.getJsonArray("data");
              for (Object element : messages) {
                var message = (JsonObject) element;
                all.put(message.getLong("id"), message.getString("content"));
              }
              return messages.size() < PAGE || page == PAGES_MAX
                  ? Future.succeededFuture()
                  : history(host, lobby, page + 1, all);
            });
  }

  private void check(List<Map.Entry<Long, StoredLobby>> entries) {
    var stored = new HashMap<Long, StoredLobby>();
    entries.forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
    var counts = new HashMap<String, Integer>();
    stored
        .values()
        .forEach(
            lobby ->
                lobby.messages.values().forEach(content -> counts.merge(content, 1, Integer::sum)));
    var problems = new ArrayList<String>();
    counts.forEach(
        (content, count) -> {
          if (count > 1) {
            problems.add("stored " + count + " times: " + content);
          }
        });
    for (SimulatedPlayer player : players) {
      player.acknowledged().stream()
          .filter(content -> !counts.containsKey(content))
          .forEach(content -> problems.add("acknowledged and not stored: " + content));
      LobbyView view = player.view();
      StoredLobby lobby = view == null ? null : stored.get(view.lobby());
      if (view == null || lobby == null) {
        problems.add("player " + player + " is in no lobby");
        continue;
      }
      if (!lobby.members.contains(player.api().user().id())) {
        problems.add(
            "player " + player + " joined lobby " + view.lobby() + " and is not stored in it");
      }
      String difference = view.difference(lobby.members, lobby.messages);
      if (difference != null) {
        problems.add("player " + player + " in lobby " + view.lobby() + " sees " + difference);
      }
    }
    problems.forEach(problem -> context.metrics().failed(problem));
  }
}
