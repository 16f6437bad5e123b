package tickgame;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** The state of one arena: runners on a field, moved by one step at each tick. */
final class Arena {
  private static final int SIZE = 1_000;
  private static final int IDLE_TICKS = 20 * 60;

  private final Map<Long, Runner> runners;
  private long tick;

  /** A player on the field, who runs in a direction; each part of it is -1, 0 or 1. */
  record Runner(int x, int y, int dx, int dy, long lastInput) {
    Runner moved() {
      return new Runner(bounded(x + dx), bounded(y + dy), dx, dy, lastInput);
    }

    private static int bounded(int position) {
      return Math.clamp(position, 0, SIZE);
    }
  }

  /** What is stored once a second, and what the next owner begins with. */
  record Snapshot(long epoch, long tick, Map<Long, Runner> runners) {}

  Arena(Snapshot snapshot) {
    runners = new HashMap<>(snapshot.runners());
    tick = snapshot.tick();
  }

  /** The player enters in the middle of the field, or comes back to where they are. */
  void enter(long player) {
    Runner there = runners.get(player);
    runners.put(
        player,
        there == null
            ? new Runner(SIZE / 2, SIZE / 2, 0, 0, tick)
            : new Runner(there.x(), there.y(), there.dx(), there.dy(), tick));
  }

  void steer(long player, int dx, int dy) {
    enter(player);
    Runner there = runners.get(player);
    runners.put(
        player, new Runner(there.x(), there.y(), Integer.signum(dx), Integer.signum(dy), tick));
  }

  void leave(long player) {
    runners.remove(player);
  }

  /** Moves everybody, and removes players who have sent nothing for a minute. */
  void step() {
    tick++;
    for (Iterator<Map.Entry<Long, Runner>> all = runners.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Long, Runner> each = all.next();
      if (tick - each.getValue().lastInput() > IDLE_TICKS) {
        all.remove();
      } else {
        each.setValue(each.getValue().moved());
      }
    }
  }

  boolean isEmpty() {
    return runners.isEmpty();
  }

  long tick() {
    return tick;
  }

  Snapshot snapshot(long epoch) {
    return new Snapshot(epoch, tick, Map.copyOf(runners));
  }
}
