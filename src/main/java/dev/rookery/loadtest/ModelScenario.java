package dev.rookery.loadtest;

import dev.rookery.benchmark.CapacityModel;
import dev.rookery.benchmark.PlayerMix;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The players of a mix, each with a socket, who do what the mix says as often as it says, at random
 * times; then the processor time that they took, beside that of {@link CapacityModel} if there are
 * figures to compute it from.
 */
final class ModelScenario implements Scenario {
  private static final int PERCENT = 100;
  private static final double SECONDS_PER_HOUR = 3_600;
  private static final int OF_LOBBY = 4;
  private static final int OF_MATCH = 2;
  private static final int OPENING_MAX = 32;
  private static final int MESSAGE_BYTES = 64;

  private final ScenarioContext context;
  private final Random random = new Random();
  private final PlayerMix mix;
  private final int players;
  private final int chatLobbies;
  private final int gatherings;
  private final int matches;
  private final @Nullable CapacityModel model;
  private final String modelMissing;
  private final List<ModelActivity> activities = new ArrayList<>();

  ModelScenario(ScenarioContext context) {
    this.context = context;
    PlayerMix wanted = context.options().mix();
    this.players = context.number(LoadParameter.PLAYERS);
    this.chatLobbies = groups(wanted.chatting(), wanted.members());
    this.gatherings = groups(wanted.gathering(), OF_LOBBY);
    this.matches = groups(wanted.playing(), OF_MATCH);
    this.mix =
        new PlayerMix(
            percent(chatLobbies * wanted.members()),
            wanted.messagesPerHour(),
            wanted.members(),
            percent(gatherings * OF_LOBBY),
            wanted.lobbiesPerHour(),
            percent(matches * OF_MATCH),
            wanted.actionsPerHour(),
            wanted.sessionMinutes());
    CapacityModel computed = null;
    String missing = "";
    try {
      computed = context.options().run().model().model(mix);
    } catch (IllegalArgumentException unknown) {
      missing = String.valueOf(unknown.getMessage());
    }
    this.model = computed;
    this.modelMissing = missing;
  }

  /** How many whole groups are in a share of the players. */
  private int groups(double percent, int size) {
    return (int) (players * percent / PERCENT) / size;
  }

  private double percent(int count) {
    return (double) PERCENT * count / players;
  }

  @Override
  public String unit() {
    return "player-s";
  }

  @Override
  public Future<Void> run() {
    return prepare()
        .compose(
            _ -> {
              activities.forEach(ModelActivity::start);
              return context.warmUp();
            })
        .compose(_ -> measure())
        .compose(
            _ -> {
              activities.forEach(ModelActivity::stop);
              return context.drain(
                  () -> activities.stream().mapToInt(ModelActivity::running).sum());
            });
  }

  private Future<Void> measure() {
    int seconds = context.number(LoadParameter.SECONDS);
    context.begin();
    return context
        .seconds(seconds)
        .onComplete(
            _ -> {
              context.metrics().units((long) players * seconds);
              context.end();
            });
  }

  private Future<Void> prepare() {
    int idle = players - chatLobbies * mix.members() - gatherings * OF_LOBBY - matches * OF_MATCH;
    return sessions(idle)
        .onSuccess(all -> add("sign-ins and connects", players / sessionSeconds(), all))
        .compose(_ -> chats())
        .onSuccess(all -> add("messages", all.size() * hourly(mix.messagesPerHour()), all))
        .compose(_ -> lobbies())
        .onSuccess(all -> add("lobbies", all.size() * hourly(mix.lobbiesPerHour()), all))
        .compose(_ -> matches())
        .onSuccess(all -> add("actions", OF_MATCH * all.size() * hourly(mix.actionsPerHour()), all))
        .mapEmpty();
  }

  private static double hourly(double count) {
    return count / SECONDS_PER_HOUR;
  }

  private double sessionSeconds() {
    return mix.sessionMinutes() * 60;
  }

  private void add(String name, double perSecond, List<Supplier<Future<Void>>> of) {
    activities.add(new ModelActivity(context, random, name, perSecond, of));
  }

  private Future<List<Supplier<Future<Void>>>> sessions(int count) {
    return BoundedConcurrency.forEach(
        count,
        context.number(LoadParameter.OPENING),
        i -> {
          var player = new Session(context.device("idle-" + i));
          return player.connect().map(_ -> player::renew);
        });
  }

  private Future<List<Supplier<Future<Void>>>> chats() {
    return BoundedConcurrency.forEach(chatLobbies, OPENING_MAX, this::chat)
        .map(
            lobbies -> {
              var members = new ArrayList<Supplier<Future<Void>>>();
              lobbies.forEach(members::addAll);
              return members;
            });
  }

  private Future<List<Supplier<Future<Void>>>> chat(int number) {
    return BoundedConcurrency.signIn(context, "chat-" + number, mix.members())
        .compose(
            users ->
                ChatLobby.open(context, users, _ -> _ -> {})
                    .map(
                        lobby ->
                            users.stream()
                                .map(user -> (Supplier<Future<Void>>) () -> send(user, lobby))
                                .toList()));
  }

  private Future<Void> send(LoadTestUser user, long lobby) {
    return ChatLobby.send(
        context, user, lobby, MessageContent.write(context.now(), 0, MESSAGE_BYTES));
  }

  private Future<List<Supplier<Future<Void>>>> lobbies() {
    return BoundedConcurrency.forEach(
        gatherings,
        OPENING_MAX,
        i -> {
          String device = context.device("gather-" + i);
          var life = new RequestSequence.LobbyLifecycle(context.client(context.node()), device);
          return life.prepare()
              .compose(
                  _ ->
                      BoundedConcurrency.forEach(
                          OF_LOBBY, 1, member -> new Session(device + "-" + member).connect()))
              .map(_ -> life::runOnce);
        });
  }

  private Future<List<Supplier<Future<Void>>>> matches() {
    return BoundedConcurrency.signIn(context, "match", OF_MATCH * matches)
        .map(
            users -> {
              var pairs = new ArrayList<Supplier<Future<Void>>>();
              for (int i = 0; i < matches; i++) {
                pairs.add(new Pair(users.get(OF_MATCH * i), users.get(OF_MATCH * i + 1))::act);
              }
              return pairs;
            });
  }

  @Override
  public List<String> notes() {
    var notes = new ArrayList<String>();
    activities.forEach(activity -> notes.add(activity.note()));
    CapacityModel expected = model;
    if (expected == null) {
      notes.add("not compared: " + modelMissing);
    } else {
      addNote(notes, "nodes", context.serverCores(), expected.nodeCores(players));
      addNote(notes, "database", context.databaseCores(), expected.databaseCores(players));
    }
    return notes;
  }

  private static void addNote(List<String> notes, String of, double measured, double expected) {
    if (!Double.isNaN(measured)) {
      notes.add(
          ScenarioContext.line(
              "%s: %.3f cores, %.2f times the %.3f of the model",
              of, measured, measured / expected, expected));
    }
  }

  /** A player who is connected, and comes back after each session. */
  private final class Session {
    private final String device;
    private @Nullable ClientSocket socket;

    Session(String device) {
      this.device = device;
    }

    Future<Session> connect() {
      return LoadTestUser.signIn(context, context.node(), device)
          .compose(user -> TopicJoin.open(context, user, user.userTopic(), _ -> {}))
          .map(
              opened -> {
                socket = opened;
                return this;
              });
    }

    Future<Void> renew() {
      if (socket != null) {
        socket.close();
      }
      return connect().mapEmpty();
    }
  }

  /** Two players who play one match after another. */
  private final class Pair {
    private final LoadTestUser host;
    private final LoadTestUser guest;
    private @Nullable MatchRoom room;

    Pair(LoadTestUser host, LoadTestUser guest) {
      this.host = host;
      this.guest = guest;
    }

    Future<Void> act() {
      MatchRoom current = room;
      if (current != null && !current.isFinished()) {
        return current.act();
      }
      if (current != null) {
        current.close();
      }
      var next = new MatchRoom(context, List.of(host, guest));
      room = next;
      return next.open().compose(_ -> next.act());
    }
  }
}
