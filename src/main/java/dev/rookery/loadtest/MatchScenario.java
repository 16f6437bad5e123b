package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Matches in which a player acts as soon as all have seen the action before. The rooms are opened
 * before, because a match is short; the measurement ends early when all of them are played.
 */
final class MatchScenario implements Scenario {
  private static final int PLAYED_MAX = 2;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final Deque<MatchRoom> rooms = new ArrayDeque<>();
  private int opened;
  private int running;
  private boolean stopped;

  MatchScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  @Override
  public String unit() {
    return "actions";
  }

  @Override
  public Future<Void> run() {
    return MatchRooms.open(context, context.number(LoadParameter.ROOMS))
        .compose(
            all -> {
              rooms.addAll(all);
              opened = all.size();
              int pairs = context.number(LoadParameter.PAIRS);
              for (int i = 0; i < pairs; i++) {
                running++;
                playNext();
              }
              return warmUp();
            })
        .compose(_ -> measure())
        .compose(
            _ -> {
              stopped = true;
              return context.drain(() -> running);
            });
  }

  /** Ends early when half of the rooms are played. */
  private Future<Void> warmUp() {
    return untilPlayed(opened / PLAYED_MAX, context.number(LoadParameter.WARMUP));
  }

  private Future<Void> measure() {
    context.begin();
    return untilPlayed(opened, context.number(LoadParameter.SECONDS))
        .onComplete(_ -> context.end());
  }

  private Future<Void> untilPlayed(int count, int seconds) {
    long end = context.now() + seconds * 1_000_000_000L;
    Promise<Void> done = Promise.promise();
    context
        .vertx()
        .setPeriodic(
            1,
            timer -> {
              if (opened - rooms.size() >= count || context.now() >= end) {
                context.vertx().cancelTimer(timer);
                done.complete();
              }
            });
    return done.future();
  }

  private void playNext() {
    MatchRoom room = stopped ? null : rooms.poll();
    if (room == null) {
      running--;
    } else {
      act(room);
    }
  }

  private void act(MatchRoom room) {
    long start = context.now();
    room.act()
        .onSuccess(
            _ -> {
              metrics.unit(context.now() - start);
              if (room.isFinished()) {
                room.close();
                playNext();
              } else if (stopped) {
                running--;
              } else {
                act(room);
              }
            })
        .onFailure(
            cause -> {
              metrics.failed(cause);
              playNext();
            });
  }

  @Override
  public List<String> notes() {
    var notes = new ArrayList<String>();
    notes.add(
        ScenarioContext.line(
            "%,d rooms of %d players, %,d left; %.1f frames per read",
            opened,
            RoomGame.of(context.options().game()).players(),
            rooms.size(),
            metrics.framesPerRead()));
    return notes;
  }
}
