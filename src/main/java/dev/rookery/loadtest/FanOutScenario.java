package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One lobby with many spectators, or one group with many members, and players who send messages: at
 * a fixed rate, or as many as possible with a bounded number in flight. The host of the lobby sends
 * alone; in the group several members send in turns, as the messages of one player are stored one
 * after another. A message is done when it is acknowledged and every follower has it. A delivery's
 * time is measured from the moment the message was due.
 */
final class FanOutScenario implements Scenario {
  private static final int REQUESTS_MAX = 1_024;

  /** The members that a group may have unless configured otherwise. */
  private static final int MEMBERS_MAX = 10_000;

  private static final int GROUP_SENDERS = 32;

  /** Whose chat it is. */
  enum Audience {
    SPECTATORS("lobby", "/api/v1/lobbies", 1, "spectators of one lobby"),
    GROUP("group", "/api/v1/groups", GROUP_SENDERS, "members of one group");

    private final String chatType;
    private final String path;
    private final int senders;
    private final String description;

    Audience(String chatType, String path, int senders, String description) {
      this.chatType = chatType;
      this.path = path;
      this.senders = senders;
      this.description = description;
    }
  }

  private final ScenarioContext context;
  private final Audience audience;
  private final LoadMetrics metrics;
  private final int followers;
  private final int bytes;
  private final int rate;
  private final long outstandingMax;

  private List<LoadTestUser> senders = List.of();
  private int nextSender;
  private long id;
  private boolean sending;
  private int requestsInFlight;
  private long outstanding;
  private int frameBytes;

  FanOutScenario(ScenarioContext context, Audience audience) {
    this.context = context;
    this.audience = audience;
    this.metrics = context.metrics();
    this.followers = context.number(LoadParameter.FOLLOWERS);
    this.bytes = context.number(LoadParameter.BYTES);
    this.rate = context.number(LoadParameter.RATE);
    this.outstandingMax = (long) context.number(LoadParameter.IN_FLIGHT) * followers;
  }

  @Override
  public String unit() {
    return "deliveries";
  }

  @Override
  public Future<Void> run() {
    return LoadTestUser.signIn(context, context.node(), context.device("speaker"))
        .compose(this::create)
        .compose(_ -> BoundedConcurrency.signIn(context, "follower", followers))
        .compose(this::admit)
        .compose(
            people ->
                BoundedConcurrency.join(
                    context,
                    people,
                    context.number(LoadParameter.OPENING),
                    _ -> topic(),
                    _ -> new Follower(new StreamOrderCheck(metrics))))
        .compose(
            _ -> {
              sending = true;
              startSending();
              return context.warmUp();
            })
        .compose(_ -> context.measure())
        .compose(_ -> drain());
  }

  private Future<Void> create(LoadTestUser user) {
    senders = List.of(user);
    JsonObject settings =
        switch (audience) {
          case SPECTATORS -> JsonObject.of("title", "load", "max_users", 2);
          case GROUP -> JsonObject.of("title", context.device("group"), "max_members", MEMBERS_MAX);
        };
    return context
        .client(user.node())
        .post(audience.path, user.token(), settings)
        .onSuccess(created -> id = created.getLong("id"))
        .mapEmpty();
  }

  /** Spectators need nothing but the topic; members of a group join it first. */
  private Future<List<LoadTestUser>> admit(List<LoadTestUser> people) {
    return switch (audience) {
      case SPECTATORS -> Future.succeededFuture(people);
      case GROUP ->
          BoundedConcurrency.forEach(
                  people.size(), context.number(LoadParameter.OPENING), i -> join(people.get(i)))
              .map(
                  _ -> {
                    senders = people.subList(0, Math.min(audience.senders, people.size()));
                    return people;
                  });
    };
  }

  private Future<JsonObject> join(LoadTestUser user) {
    return context
        .client(user.node())
        .post(audience.path + "/" + id + "/join", user.token(), new JsonObject());
  }

  private String topic() {
    return audience.chatType + ":" + id;
  }

  private void startSending() {
    if (rate == 0) {
      fill();
      return;
    }
    long start = context.now();
    var sent = new long[1];
    context
        .vertx()
        .setPeriodic(
            1,
            timer -> {
              if (!sending) {
                context.vertx().cancelTimer(timer);
                return;
              }
              while (start + sent[0] * 1_000_000_000L / rate <= context.now()) {
                send(start + sent[0]++ * 1_000_000_000L / rate);
              }
            });
  }

  private void fill() {
    while (sending
        && rate == 0
        && requestsInFlight < REQUESTS_MAX
        && outstanding + followers <= outstandingMax) {
      send(context.now());
    }
  }

  private void send(long dueNanos) {
    if (requestsInFlight >= REQUESTS_MAX) {
      metrics.failed("the rate is higher than the server answers");
      return;
    }
    requestsInFlight++;
    outstanding += followers;
    LoadTestUser from = senders.get(nextSender);
    nextSender = (nextSender + 1) % senders.size();
    var message =
        JsonObject.of(
            "chat_type",
            audience.chatType,
            "chat_ref_id",
            id,
            "content",
            MessageContent.write(dueNanos, 0, bytes));
    context
        .client(from.node())
        .post("/api/v1/chat/messages", from.token(), message)
        .onComplete(
            answered -> {
              requestsInFlight--;
              if (answered.failed()) {
                outstanding -= followers;
                metrics.failed(answered.cause());
                if (metrics.errors() > 100) {
                  sending = false;
                }
              }
              fill();
            });
  }

  /**
   * Waits until all deliveries have arrived; those that do not arrive in time are counted as lost.
   */
  private Future<Void> drain() {
    sending = false;
    return EventLoopPoll.until(context, () -> requestsInFlight == 0 && outstanding == 0)
        .onFailure(_ -> metrics.gap(outstanding))
        .otherwiseEmpty();
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,.0f messages/s to %,d %s, %,d bytes of JSON each; %.1f frames per read",
            metrics.perSecond() / followers,
            followers,
            audience.description,
            frameBytes,
            metrics.framesPerRead()));
  }

  /** One follower's socket. */
  private final class Follower implements ClientSocket.Listener {
    private final StreamOrderCheck order;

    Follower(StreamOrderCheck order) {
      this.order = order;
    }

    @Override
    public void receive(PhoenixMessage message) {
      order.receive(message);
      if (message.isEvent(ChatScenario.MESSAGE)) {
        metrics.unit(context.now() - MessageContent.due(message));
        frameBytes = message.size();
        if (--outstanding + followers <= outstandingMax) {
          fill();
        }
      }
    }
  }
}
