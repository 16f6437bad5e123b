package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * A player with many online friends comes online in two sessions and leaves again. Each friend must
 * be told once that the player came and once that they went, however many sessions there are; more
 * count as repeats, and messages that do not come as gaps.
 */
final class OnlineFriendsScenario implements Scenario {
  private static final byte[] ONLINE = PhoenixMessage.quoted("friend_online");
  private static final byte[] OFFLINE = PhoenixMessage.quoted("friend_offline");

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final List<Friend> friends = new ArrayList<>();
  private long due;
  private int rounds;
  private int told;
  private boolean stopped;

  OnlineFriendsScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  @Override
  public String unit() {
    return "messages";
  }

  @Override
  public Future<Void> run() {
    int count = context.number(LoadParameter.SOCKETS);
    return LoadTestUser.signIn(context, context.node(), context.device("player"))
        .compose(
            player ->
                BoundedConcurrency.signIn(context, "friend", count)
                    .compose(
                        users ->
                            Friendships.make(context, player, users).compose(_ -> follow(users)))
                    .compose(_ -> run(player)));
  }

  private Future<Void> follow(List<LoadTestUser> users) {
    users.forEach(_ -> friends.add(new Friend()));
    return BoundedConcurrency.join(
            context,
            users,
            context.number(LoadParameter.OPENING),
            LoadTestUser::userTopic,
            friends::get)
        .mapEmpty();
  }

  private Future<Void> run(LoadTestUser player) {
    Future<Void> loop = round(player);
    return context
        .warmUp()
        .compose(_ -> context.measure())
        .compose(
            _ -> {
              stopped = true;
              return loop;
            });
  }

  /** The next round begins when all friends were told of this one. */
  private Future<Void> round(LoadTestUser player) {
    if (stopped || !metrics.isClean()) {
      return Future.succeededFuture();
    }
    rounds++;
    return come(player).compose(this::leave).compose(_ -> round(player));
  }

  private Future<List<UserSession>> come(LoadTestUser player) {
    begin();
    return UserSession.open(context, player)
        .compose(first -> UserSession.open(context, player).map(second -> List.of(first, second)))
        .compose(sessions -> allTold().map(sessions));
  }

  private Future<Void> leave(List<UserSession> sessions) {
    begin();
    return sessions
        .getFirst()
        .leave()
        .compose(_ -> sessions.getLast().leave())
        .compose(_ -> allTold());
  }

  private void begin() {
    due = context.now();
    told = 0;
  }

  private Future<Void> allTold() {
    return context.drain(() -> friends.size() - told);
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,d friends, each told once of each of %,d arrivals and departures",
            friends.size(), 2 * rounds));
  }

  /** A friend who is online all the time. */
  private final class Friend implements ClientSocket.Listener {
    private int arrivals;
    private int departures;

    @Override
    public void receive(PhoenixMessage message) {
      if (message.isEvent(ONLINE)) {
        count(++arrivals);
      } else if (message.isEvent(OFFLINE)) {
        count(++departures);
      }
    }

    private void count(int heard) {
      if (heard > rounds) {
        metrics.repeat();
      } else {
        told++;
        metrics.unit(context.now() - due);
      }
    }
  }
}
