package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls of Lua scripts over HTTP and on the sockets of games. It stores the scripts that it needs
 * before, and removes them afterwards, as {@link LeaderboardScenario#ADMIN_DEVICE}, whose player
 * must be an admin.
 */
final class GodraScenario implements Scenario {
  /** Players in a game of {@link #moves}. */
  static final int PLAYERS = 10;

  private static final int MOVES_PER_SECOND = 20;
  private static final String SCRIPTS = "/api/v1/admin/scripts/";
  private static final String COUNT = "load_count";
  private static final String UPDATE = "update_state";
  private static final String COUNT_SOURCE = "return {redis.call('INCR', 'load_count'), ARGV[2]}";

  /** In place of the server's own: counts, and sends the message back as it is. */
  private static final String UPDATE_SOURCE =
      """
      redis.call('HINCRBY', KEYS[1], 'count', 1)
      redis.call('PUBLISH', 'game_updates:' .. KEYS[1], ARGV[2])
      """;

  private static final byte[] MARK = "\"t\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int DECIMAL = 10;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final @Nullable String name;
  private final String source;
  private final Scenario scenario;

  private GodraScenario(
      ScenarioContext context, @Nullable String name, String source, Scenario scenario) {
    this.context = context;
    this.metrics = context.metrics();
    this.name = name;
    this.source = source;
    this.scenario = scenario;
  }

  /** A script that counts and echoes, over HTTP. */
  static Scenario calls(ScenarioContext context) {
    return new GodraScenario(context, COUNT, COUNT_SOURCE, new RequestScenario(context, Call::new));
  }

  /** The same on sockets, each in a game of its own with some messages in flight. */
  static Scenario echoes(ScenarioContext context) {
    return new GodraScenario(context, UPDATE, UPDATE_SOURCE, new Echoes(context));
  }

  /** Ten players in each game, who move twenty times a second, with the server's own scripts. */
  static Scenario moves(ScenarioContext context) {
    return new GodraScenario(context, null, "", new Moves(context));
  }

  @Override
  public String unit() {
    return scenario.unit();
  }

  @Override
  public Future<Void> run() {
    String script = name;
    if (script == null) {
      return scenario.run();
    }
    ApiClient client = context.client(context.node());
    return RequestSequence.signIn(client, LeaderboardScenario.ADMIN_DEVICE)
        .compose(
            token ->
                client
                    .upload(SCRIPTS + script, token, source.getBytes(StandardCharsets.UTF_8))
                    .compose(_ -> scenario.run())
                    .eventually(
                        () -> client.call(HttpMethod.DELETE, SCRIPTS + script, token, null)));
  }

  @Override
  public List<String> notes() {
    var notes = new ArrayList<>(scenario.notes());
    if (metrics.framesPerRead() > 0) {
      notes.add(ScenarioContext.line("%.1f frames per read", metrics.framesPerRead()));
    }
    return notes;
  }

  /** Calls the script again and again. */
  private static final class Call implements RequestSequence {
    private final ApiClient client;
    private final String device;
    private final JsonObject body =
        JsonObject.of("script", COUNT, "args", JsonArray.of("an argument of some length"));
    private String token = "";

    Call(ApiClient client, String device) {
      this.client = client;
      this.device = device;
    }

    @Override
    public Future<Void> prepare() {
      return RequestSequence.signIn(client, device)
          .onSuccess(signedIn -> token = signedIn)
          .mapEmpty();
    }

    @Override
    public Future<Void> runOnce() {
      return client.post("/api/rpc", token, body).mapEmpty();
    }
  }

  /** Sockets of games; the messages that they receive carry the sender and the time. */
  private abstract static class Sockets implements Scenario {
    final ScenarioContext context;
    final LoadMetrics metrics;
    final List<Player> players = new ArrayList<>();
    private final int perGame;
    private final List<String> games = new ArrayList<>();
    long outstanding;
    boolean stopped;

    Sockets(ScenarioContext context, int perGame) {
      this.context = context;
      this.metrics = context.metrics();
      this.perGame = perGame;
    }

    @Override
    public String unit() {
      return "messages";
    }

    @Override
    public Future<Void> run() {
      int count = context.number(LoadParameter.SOCKETS);
      int opening = context.number(LoadParameter.OPENING);
      int games = Math.ceilDiv(count, perGame);
      return BoundedConcurrency.forEach(games, opening, this::createGame)
          .compose(_ -> BoundedConcurrency.forEach(count, opening, this::connect))
          .compose(
              _ -> {
                begin();
                return context.warmUp();
              })
          .compose(_ -> context.measure())
          .compose(
              _ -> {
                stopped = true;
                return context.drain(() -> outstanding);
              });
    }

    /** Starts to send. */
    abstract void begin();

    /** A message of a player has come back to them. */
    abstract void onOwn(Player player);

    /** Each with a host of its own, because a player has a bounded number of sessions. */
    private Future<Void> createGame(int number) {
      return LoadTestUser.signIn(context, context.node(), context.device("host-" + number))
          .compose(
              host ->
                  context
                      .client(host.node())
                      .post(
                          "/api/rpc",
                          host.token(),
                          // One more, because the host is counted and does not connect.
                          JsonObject.of(
                              "script", "create_lobby", "args", JsonArray.of(perGame + 1))))
          .onSuccess(answer -> games.add(answer.getString("result").substring("game:".length())))
          .mapEmpty();
    }

    private Future<Void> connect(int number) {
      return LoadTestUser.signIn(context, context.node(), context.device(Integer.toString(number)))
          .compose(
              user -> {
                var player = new Player(this, players.size());
                players.add(player);
                String path =
                    "/ws?token=" + user.token() + "&game_id=" + games.get(number / perGame);
                return context.sockets().openAt(user.node(), path, player);
              })
          .onSuccess(socket -> ((Player) socket.listener()).socket = socket)
          .mapEmpty();
    }
  }

  /** A socket of a game. */
  private static final class Player implements ClientSocket.TextListener {
    private final Sockets all;
    private final int index;
    private @Nullable ClientSocket socket;

    Player(Sockets all, int index) {
      this.all = all;
      this.index = index;
    }

    void send() {
      ClientSocket to = socket;
      if (to != null) {
        all.outstanding++;
        to.send(
            "{\"action\":\"move\",\"payload\":{\"t\":\""
                + index
                + ":"
                + all.context.now()
                + "\"}}");
      }
    }

    @Override
    public void receive(byte[] bytes, int from, int to) {
      for (int i = from; i + MARK.length < to; i++) {
        if (bytes[i] == MARK[0] && bytes[i + 1] == MARK[1] && isMark(bytes, i)) {
          i = readTime(bytes, i + MARK.length, to);
        }
      }
    }

    private static boolean isMark(byte[] bytes, int at) {
      for (int i = 2; i < MARK.length; i++) {
        if (bytes[at + i] != MARK[i]) {
          return false;
        }
      }
      return true;
    }

    private int readTime(byte[] bytes, int from, int to) {
      int at = from;
      long sender = 0;
      while (at < to && bytes[at] != ':') {
        sender = sender * DECIMAL + bytes[at++] - '0';
      }
      long sent = 0;
      at++;
      while (at < to && bytes[at] != '"') {
        sent = sent * DECIMAL + bytes[at++] - '0';
      }
      if (sender == index) {
        all.outstanding--;
        all.metrics.unit(all.context.now() - sent);
        all.onOwn(this);
      }
      return at;
    }

    @Override
    public void closed(int code) {
      if (all.context.isRunning()) {
        all.metrics.failed("closed with " + code);
      }
    }
  }

  private static final class Echoes extends Sockets {
    Echoes(ScenarioContext context) {
      super(context, 1);
    }

    @Override
    void begin() {
      int inFlight = context.number(LoadParameter.IN_FLIGHT);
      for (Player player : players) {
        for (int i = 0; i < inFlight; i++) {
          player.send();
        }
      }
    }

    @Override
    void onOwn(Player player) {
      if (!stopped) {
        player.send();
      }
    }
  }

  private static final class Moves extends Sockets {
    private long begun;
    private long sent;

    Moves(ScenarioContext context) {
      super(context, PLAYERS);
    }

    @Override
    void begin() {
      begun = context.now();
      context.vertx().setPeriodic(1, this::sendDue);
    }

    /** In turn, so that the players of a game move at different times. */
    private void sendDue(long timer) {
      if (stopped) {
        context.vertx().cancelTimer(timer);
        return;
      }
      double seconds = (context.now() - begun) / 1e9;
      long due = (long) (seconds * MOVES_PER_SECOND * players.size());
      for (; sent < due; sent++) {
        players.get((int) (sent % players.size())).send();
      }
    }

    @Override
    void onOwn(Player player) {
      // The next move is due at its time.
    }
  }
}
