package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Lobbies whose members all receive and some of whom send: each sender sends the next message when
 * the last one is acknowledged and every member has it, the sender included.
 */
final class ChatScenario implements Scenario {
  static final byte[] MESSAGE = PhoenixMessage.quoted("new_chat_message");
  private static final int LOBBIES_CONCURRENT_MAX = 32;
  private static final long ERRORS_MAX = 1_000;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final int members;
  private final int bytes;
  private final List<Sender> senders = new ArrayList<>();
  private final Histogram answerTimes = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private boolean stopped;

  ChatScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
    this.members = context.number(LoadParameter.MEMBERS);
    this.bytes = context.number(LoadParameter.BYTES);
  }

  @Override
  public String unit() {
    return "messages";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.forEach(
            context.number(LoadParameter.CHANNELS), LOBBIES_CONCURRENT_MAX, this::createLobby)
        .compose(
            _ -> {
              senders.forEach(Sender::sendNext);
              return context.warmUp();
            })
        .compose(_ -> context.measure())
        .compose(_ -> drain());
  }

  private Future<Void> createLobby(int number) {
    return BoundedConcurrency.signIn(context, "channel-" + number, members)
        .compose(this::createLobby);
  }

  private Future<Void> createLobby(List<LoadTestUser> users) {
    return ChatLobby.open(context, users, _ -> new Receiver())
        .onSuccess(lobby -> addSenders(users, lobby))
        .mapEmpty();
  }

  private void addSenders(List<LoadTestUser> users, long lobby) {
    int count = Math.min(context.number(LoadParameter.TALKING), users.size());
    for (LoadTestUser user : users.subList(0, count)) {
      senders.add(new Sender(senders.size(), user, lobby));
    }
  }

  private Future<Void> drain() {
    stopped = true;
    return context.drain(
        () -> senders.stream().mapToLong(sender -> Math.max(0, sender.outstanding)).sum());
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,.0f deliveries/s; acknowledged p50 %.2f ms, p99 %.2f ms; %.1f frames per read",
            metrics.perSecond() * members,
            answerTimes.getValueAtPercentile(50) / 1e6,
            answerTimes.getValueAtPercentile(99) / 1e6,
            metrics.framesPerRead()));
  }

  /** A member who sends one message after another. */
  private final class Sender {
    private final int number;
    private final LoadTestUser user;
    private final long lobby;
    private long due;
    private int outstanding;

    Sender(int number, LoadTestUser user, long lobby) {
      this.number = number;
      this.user = user;
      this.lobby = lobby;
    }

    void sendNext() {
      if (stopped || metrics.errors() > ERRORS_MAX) {
        return;
      }
      due = context.now();
      outstanding = members + 1;
      ChatLobby.send(context, user, lobby, MessageContent.write(due, number, bytes))
          .onComplete(
              answered -> {
                if (answered.failed()) {
                  metrics.failed(answered.cause());
                  sendNext();
                } else {
                  if (metrics.isMeasuring()) {
                    answerTimes.recordValue(
                        Math.min(context.now() - due, answerTimes.getHighestTrackableValue()));
                  }
                  countDown();
                }
              });
    }

    void countDown() {
      if (--outstanding == 0) {
        metrics.unit(context.now() - due);
        sendNext();
      }
    }
  }

  /** A member who receives the messages of one lobby. */
  private final class Receiver implements ClientSocket.Listener {
    private final StreamOrderCheck order = new StreamOrderCheck(metrics);

    @Override
    public void receive(PhoenixMessage message) {
      order.receive(message);
      if (message.isEvent(MESSAGE)) {
        senders.get(MessageContent.number(message)).countDown();
      }
    }
  }
}
