package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Lobbies whose members all listen and of whom some talk: each sends the next message when the last
 * one was acknowledged and every member has it, himself included.
 */
final class ChatScenario implements Scenario {
  static final byte[] MESSAGE = PhoenixMessage.quoted("new_chat_message");
  private static final int LOBBIES_AT_ONCE = 32;
  private static final long ERRORS_MAX = 1_000;

  private final ScenarioContext stage;
  private final LoadMetrics figures;
  private final int members;
  private final int bytes;
  private final List<Sender> talkers = new ArrayList<>();
  private final Histogram answers = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private boolean over;

  ChatScenario(ScenarioContext stage) {
    this.stage = stage;
    this.figures = stage.figures();
    this.members = stage.number(LoadParameter.MEMBERS);
    this.bytes = stage.number(LoadParameter.BYTES);
  }

  @Override
  public String unit() {
    return "messages";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.each(
            stage.number(LoadParameter.CHANNELS), LOBBIES_AT_ONCE, this::gather)
        .compose(
            _ -> {
              talkers.forEach(Sender::say);
              return stage.warmUp();
            })
        .compose(_ -> stage.measure())
        .compose(_ -> quiet());
  }

  private Future<Void> gather(int number) {
    return BoundedConcurrency.signIn(stage, "channel-" + number, members).compose(this::gather);
  }

  private Future<Void> gather(List<LoadTestUser> people) {
    LoadTestUser host = people.getFirst();
    return stage
        .caller(host.node())
        .post("/api/v1/lobbies", host.token(), JsonObject.of("title", "load", "max_users", members))
        .compose(
            opened -> {
              long lobby = opened.getLong("id");
              String join = "/api/v1/lobbies/" + lobby + "/join";
              List<LoadTestUser> guests = people.subList(1, people.size());
              return BoundedConcurrency.each(
                      guests.size(),
                      1,
                      i ->
                          stage
                              .caller(guests.get(i).node())
                              .post(join, guests.get(i).token(), new JsonObject()))
                  .compose(
                      _ ->
                          BoundedConcurrency.join(
                              stage, people, 1, _ -> "lobby:" + lobby, _ -> new Receiver()))
                  .onSuccess(_ -> talk(people, lobby));
            })
        .mapEmpty();
  }

  private void talk(List<LoadTestUser> people, long lobby) {
    int talking = Math.min(stage.number(LoadParameter.TALKING), people.size());
    for (LoadTestUser person : people.subList(0, talking)) {
      talkers.add(new Sender(talkers.size(), person, lobby));
    }
  }

  private Future<Void> quiet() {
    over = true;
    return EventLoopPoll.until(stage, () -> talkers.stream().noneMatch(talker -> talker.owed > 0))
        .onFailure(
            _ -> figures.gap(talkers.stream().mapToLong(talker -> Math.max(0, talker.owed)).sum()))
        .otherwiseEmpty();
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,.0f deliveries/s; acknowledged p50 %.2f ms, p99 %.2f ms; %.1f frames a read",
            figures.perSecond() * members,
            answers.getValueAtPercentile(50) / 1e6,
            answers.getValueAtPercentile(99) / 1e6,
            figures.framesARead()));
  }

  /** Says one thing after the other. */
  private final class Sender {
    private final int number;
    private final LoadTestUser person;
    private final long lobby;
    private final ApiClient caller;
    private long due;
    private int owed;

    Sender(int number, LoadTestUser person, long lobby) {
      this.number = number;
      this.person = person;
      this.lobby = lobby;
      this.caller = stage.caller(person.node());
    }

    void say() {
      if (over || figures.errors() > ERRORS_MAX) {
        return;
      }
      due = stage.now();
      owed = members + 1;
      var message =
          JsonObject.of(
              "chat_type",
              "lobby",
              "chat_ref_id",
              lobby,
              "content",
              MessageContent.write(due, number, bytes));
      caller
          .post("/api/v1/chat/messages", person.token(), message)
          .onComplete(
              answered -> {
                if (answered.failed()) {
                  figures.failed(answered.cause());
                  say();
                } else {
                  if (figures.isMeasuring()) {
                    answers.recordValue(
                        Math.min(stage.now() - due, answers.getHighestTrackableValue()));
                  }
                  settle();
                }
              });
    }

    void settle() {
      if (--owed == 0) {
        figures.unit(stage.now() - due);
        say();
      }
    }
  }

  /** Hears what is said in one lobby. */
  private final class Receiver implements ClientSocket.Listener {
    private final StreamOrderCheck trail = new StreamOrderCheck(figures);

    @Override
    public void hear(PhoenixMessage pushed) {
      trail.hear(pushed);
      if (pushed.isEvent(MESSAGE)) {
        talkers.get(MessageContent.number(pushed)).settle();
      }
    }
  }
}
