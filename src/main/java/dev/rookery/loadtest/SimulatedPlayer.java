package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A player: signs in, enters a lobby, talks, goes elsewhere, loses the line and comes back. Does
 * one thing after the other, and remembers what he was promised.
 */
final class SimulatedPlayer {
  private static final String LOBBIES = "/api/v1/lobbies";
  private static final int PAGE = 100;
  private static final int AWAY_MS_MAX = 1_500;
  private static final String FILL = " " + "x".repeat(48);

  private final ScenarioContext stage;
  private final Random random;
  private final RetryingApiClient commands;
  private final ReconnectingSocket socket;
  private final List<Long> lobbies;
  private final boolean host;
  private final Set<String> acknowledged = new HashSet<>();
  private final Promise<Void> ended = Promise.promise();

  private @Nullable LobbyView view;
  private boolean over;
  private int said;
  private int keys;

  /**
   * @param lobbies to go to; a host adds his own, and stays there
   */
  SimulatedPlayer(
      ScenarioContext stage,
      NodeSelector nodes,
      Random random,
      String device,
      List<Long> lobbies,
      boolean host) {
    this.stage = stage;
    this.random = random;
    this.commands = new RetryingApiClient(stage, nodes, random, device);
    this.socket = new ReconnectingSocket(stage, nodes, random, commands);
    this.lobbies = lobbies;
    this.host = host;
  }

  /** Until he is connected and in a lobby. */
  Future<Void> begin() {
    return commands.signIn().compose(_ -> socket.connect()).compose(_ -> host ? open() : enter());
  }

  private Future<Void> open() {
    var wish = JsonObject.of("title", "load", "max_users", 128);
    return commands
        .post(LOBBIES, wish, "open-" + commands.person().id())
        .compose(
            opened -> {
              lobbies.add(opened.getLong("id"));
              return follow(opened.getLong("id"));
            });
  }

  private Future<Void> enter() {
    long lobby = lobbies.get(random.nextInt(lobbies.size()));
    return commands
        .post(LOBBIES + "/" + lobby + "/join", new JsonObject(), "join-" + keys++)
        .compose(_ -> follow(lobby));
  }

  private Future<Void> follow(long lobby) {
    var fresh = new LobbyView(lobby, stage.figures());
    view = fresh;
    return socket.follow(fresh, () -> load(fresh));
  }

  /** What was said before, as a client shows it that could not go on from where it was. */
  private Future<Void> load(LobbyView fresh) {
    return commands
        .get(
            "/api/v1/chat/messages?chat_type=lobby&page_size="
                + PAGE
                + "&chat_ref_id="
                + fresh.lobby())
        .onSuccess(page -> fresh.load(page, PAGE))
        .mapEmpty();
  }

  private void live() {
    if (over) {
      ended.tryComplete();
      return;
    }
    socket
        .connect()
        .compose(_ -> act())
        .onFailure(cause -> stage.figures().failed("player " + this + ": " + cause.getMessage()))
        .onComplete(_ -> think());
  }

  /** People do not all do something at the same moment. */
  void think() {
    int think = stage.number(LoadParameter.THINK_MS);
    stage.millis(random.nextInt(2 * think) + 1).onComplete(_ -> live());
  }

  private Future<Void> act() {
    int chance = random.nextInt(100);
    if (chance < stage.number(LoadParameter.DROPS)) {
      stage.figures().dropped();
      socket.drop();
      return stage.millis(random.nextInt(AWAY_MS_MAX) + 1);
    }
    if (!host && chance < stage.number(LoadParameter.DROPS) + stage.number(LoadParameter.MOVES)) {
      return move();
    }
    return say(commands.person().id() + " says " + said++ + FILL);
  }

  /** Until it was acknowledged. */
  Future<Void> say(String content) {
    LobbyView here = view;
    if (here == null) {
      return enter();
    }
    var message =
        JsonObject.of("chat_type", "lobby", "chat_ref_id", here.lobby(), "content", content);
    return commands
        .post("/api/v1/chat/messages", message, "say-" + keys++)
        .onSuccess(_ -> acknowledged.add(content))
        .mapEmpty();
  }

  private Future<Void> move() {
    socket.unfollow();
    view = null;
    return commands
        .post(LOBBIES + "/leave", new JsonObject(), "leave-" + keys++)
        .compose(_ -> enter());
  }

  /** Does nothing more; connected and in a lobby, he goes on listening. */
  Future<Void> rest() {
    over = true;
    return ended.future().compose(_ -> socket.connect());
  }

  boolean isHost() {
    return host;
  }

  RetryingApiClient commands() {
    return commands;
  }

  ReconnectingSocket socket() {
    return socket;
  }

  @Nullable LobbyView view() {
    return view;
  }

  /** What he was told was stored. */
  Set<String> acknowledged() {
    return acknowledged;
  }

  @Override
  public String toString() {
    return Long.toString(commands.person().id());
  }
}
