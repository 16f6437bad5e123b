package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The comparison at the end: what was acknowledged is stored once, and what each client was told is
 * what is stored.
 */
final class ConsistencyCheck {
  private static final int PAGE = 100;
  private static final int PAGES_MAX = 1_000;

  private final ScenarioContext stage;
  private final List<SimulatedPlayer> lives;

  ConsistencyCheck(ScenarioContext stage, List<SimulatedPlayer> lives) {
    this.stage = stage;
    this.lives = lives;
  }

  private record StoredLobby(Set<Long> members, TreeMap<Long, String> messages) {}

  /** Everybody rests, and hears what is still on its way. */
  Future<Void> settle() {
    return Future.join(lives.stream().map(SimulatedPlayer::rest).toList())
        .compose(
            _ ->
                Future.join(
                    lives.stream()
                        .filter(SimulatedPlayer::isHost)
                        .map(host -> host.say(host + " is the last to speak"))
                        .toList()))
        .compose(_ -> EventLoopPoll.until(stage, this::agree).otherwiseEmpty())
        .compose(
            _ ->
                Future.join(
                    lives.stream().filter(SimulatedPlayer::isHost).map(this::look).toList()))
        .onSuccess(stored -> check(stored.list()))
        .recover(
            cause -> {
              stage.figures().failed("could not settle: " + cause.getMessage());
              return Future.succeededFuture();
            })
        .mapEmpty();
  }

  /** Whether all clients of each lobby are at the same place, and connected. */
  private boolean agree() {
    var places = new HashMap<Long, Long>();
    for (SimulatedPlayer life : lives) {
      LobbyView view = life.view();
      if (view == null || !life.socket().isReady()) {
        life.socket().connect();
        return false;
      }
      Long other = places.putIfAbsent(view.lobby(), view.trail().offset());
      if (other != null && other != view.trail().offset()) {
        return false;
      }
    }
    return true;
  }

  private Future<Map.Entry<Long, StoredLobby>> look(SimulatedPlayer host) {
    LobbyView view = host.view();
    if (view == null) {
      return Future.failedFuture("host " + host + " is in no lobby");
    }
    var messages = new TreeMap<Long, String>();
    return history(host, view.lobby(), 1, messages)
        .compose(_ -> host.commands().get("/api/v1/lobbies/" + view.lobby()))
        .map(lobby -> Map.entry(view.lobby(), new StoredLobby(LobbyView.ids(lobby), messages)));
  }

  private Future<Void> history(
      SimulatedPlayer host, long lobby, int page, TreeMap<Long, String> all) {
    return host.commands()
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
              for (Object one : messages) {
                var message = (JsonObject) one;
                all.put(message.getLong("id"), message.getString("content"));
              }
              return messages.size() < PAGE || page == PAGES_MAX
                  ? Future.succeededFuture()
                  : history(host, lobby, page + 1, all);
            });
  }

  private void check(List<Map.Entry<Long, StoredLobby>> looked) {
    var stored = new HashMap<Long, StoredLobby>();
    looked.forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
    var times = new HashMap<String, Integer>();
    stored
        .values()
        .forEach(
            lobby -> lobby.messages.values().forEach(said -> times.merge(said, 1, Integer::sum)));
    var problems = new ArrayList<String>();
    times.forEach(
        (said, count) -> {
          if (count > 1) {
            problems.add("stored " + count + " times: " + said);
          }
        });
    for (SimulatedPlayer life : lives) {
      life.acknowledged().stream()
          .filter(said -> !times.containsKey(said))
          .forEach(said -> problems.add("acknowledged and not stored: " + said));
      LobbyView view = life.view();
      StoredLobby lobby = view == null ? null : stored.get(view.lobby());
      if (view == null || lobby == null) {
        problems.add("player " + life + " is in no lobby");
        continue;
      }
      if (!lobby.members.contains(life.commands().person().id())) {
        problems.add(
            "player " + life + " joined lobby " + view.lobby() + " and is not stored in it");
      }
      String difference = view.differs(lobby.members, lobby.messages);
      if (difference != null) {
        problems.add("player " + life + " in lobby " + view.lobby() + " sees " + difference);
      }
    }
    problems.forEach(problem -> stage.figures().failed(problem));
  }
}
