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
final class Chat implements Scenario {
  static final byte[] MESSAGE = Pushed.quoted("new_chat_message");
  private static final int LOBBIES_AT_ONCE = 32;
  private static final long ERRORS_MAX = 1_000;

  private final Stage stage;
  private final Figures figures;
  private final int members;
  private final int bytes;
  private final List<Talker> talkers = new ArrayList<>();
  private final Histogram answers = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private boolean over;

  Chat(Stage stage) {
    this.stage = stage;
    this.figures = stage.figures();
    this.members = stage.number(Flag.MEMBERS);
    this.bytes = stage.number(Flag.BYTES);
  }

  @Override
  public String unit() {
    return "messages";
  }

  @Override
  public Future<Void> run() {
    return Crowd.each(stage.number(Flag.CHANNELS), LOBBIES_AT_ONCE, this::gather)
        .compose(
            _ -> {
              talkers.forEach(Talker::say);
              return stage.warmUp();
            })
        .compose(_ -> stage.measure())
        .compose(_ -> quiet());
  }

  private Future<Void> gather(int number) {
    return Crowd.signIn(stage, "channel-" + number, members).compose(this::gather);
  }

  private Future<Void> gather(List<Person> people) {
    Person host = people.getFirst();
    return stage
        .caller(host.node())
        .post("/api/v1/lobbies", host.token(), JsonObject.of("title", "load", "max_users", members))
        .compose(
            opened -> {
              long lobby = opened.getLong("id");
              String join = "/api/v1/lobbies/" + lobby + "/join";
              List<Person> guests = people.subList(1, people.size());
              return Crowd.each(
                      guests.size(),
                      1,
                      i ->
                          stage
                              .caller(guests.get(i).node())
                              .post(join, guests.get(i).token(), new JsonObject()))
                  .compose(
                      _ -> Crowd.join(stage, people, 1, _ -> "lobby:" + lobby, _ -> new Member()))
                  .onSuccess(_ -> talk(people, lobby));
            })
        .mapEmpty();
  }

  private void talk(List<Person> people, long lobby) {
    int talking = Math.min(stage.number(Flag.TALKING), people.size());
    for (Person person : people.subList(0, talking)) {
      talkers.add(new Talker(talkers.size(), person, lobby));
    }
  }

  private Future<Void> quiet() {
    over = true;
    return Await.until(stage, () -> talkers.stream().noneMatch(talker -> talker.owed > 0))
        .onFailure(
            _ -> figures.gap(talkers.stream().mapToLong(talker -> Math.max(0, talker.owed)).sum()))
        .otherwiseEmpty();
  }

  @Override
  public List<String> notes() {
    return List.of(
        Stage.line(
            "%,.0f deliveries/s; acknowledged p50 %.2f ms, p99 %.2f ms; %.1f frames a read",
            figures.perSecond() * members,
            answers.getValueAtPercentile(50) / 1e6,
            answers.getValueAtPercentile(99) / 1e6,
            figures.framesARead()));
  }

  /** Says one thing after the other. */
  private final class Talker {
    private final int number;
    private final Person person;
    private final long lobby;
    private final Caller caller;
    private long due;
    private int owed;

    Talker(int number, Person person, long lobby) {
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
              Stamp.write(due, number, bytes));
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
  private final class Member implements ClientSocket.Listener {
    private final Trail trail = new Trail(figures);

    @Override
    public void hear(Pushed pushed) {
      trail.hear(pushed);
      if (pushed.isEvent(MESSAGE)) {
        talkers.get(Stamp.number(pushed)).settle();
      }
    }
  }
}
