package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Finds the board that a client means. Answers are kept for {@link #KEPT_FOR}, so that reads of
 * ranks need no read of the board. A change by this node is seen at once, one by another node after
 * that time at the latest; a board with an index is as current as its stream.
 */
final class BoardDirectory {
  /** How long a change by another node may go unnoticed. */
  static final Duration KEPT_FOR = Duration.ofSeconds(1);

  private static final int KEPT_MAX = 10_000;

  private final Database database;
  private final BoardStore store;
  private final BoardIndexes indexes;
  private final Seasons seasons;
  private final InstantSource clock;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  private record Kept(Board board, long readMs) {}

  BoardDirectory(
      Database database,
      BoardStore store,
      BoardIndexes indexes,
      Seasons seasons,
      InstantSource clock) {
    this.database = database;
    this.store = store;
    this.indexes = indexes;
    this.seasons = seasons;
    this.clock = clock;
  }

  /** The board; throws {@code Missing("leaderboard_not_found")} if there is none. */
  Board find(BoardRef ref) {
    return tryFind(ref).orElseThrow(BoardRules::boardNotFound);
  }

  Optional<Board> tryFind(BoardRef ref) {
    BoardId id = ref.id();
    if (ref.isId()) {
      return byId(Objects.requireNonNull(id)).or(() -> current(ref.text()));
    }
    Optional<Board> current = current(ref.text());
    return current.isPresent() || id == null ? current : byId(id);
  }

  private Optional<Board> byId(BoardId id) {
    Optional<Board> indexed = indexes.board(id);
    return indexed.isPresent() ? indexed : keep("id " + id, () -> store.find(database, id));
  }

  /** The current season of a slug; opens the next one of a recurring board if it is due. */
  Optional<Board> current(String slug) {
    if (!BoardRules.isSlug(slug)) {
      return Optional.empty();
    }
    long nowMs = clock.millis();
    Optional<Board> found =
        keep("slug " + slug, () -> store.current(database, slug, nowMs))
            .filter(board -> board.isCurrent(nowMs));
    if (found.isPresent()) {
      return found;
    }
    Optional<BoardId> due = store.due(database, nowMs, slug);
    if (due.isPresent()) {
      seasons.renew(due.get());
      forget();
      return store.current(database, slug, nowMs);
    }
    // What was kept may have ended or not begun.
    return store.current(database, slug, nowMs);
  }

  /** Forgets what is kept, after a change by this node. */
  void forget() {
    changes.incrementAndGet();
    kept.clear();
  }

  private Optional<Board> keep(String key, Supplier<Optional<Board>> read) {
    long nowMs = clock.millis();
    Kept known = kept.get(key);
    if (known != null && nowMs - known.readMs < KEPT_FOR.toMillis()) {
      return Optional.of(known.board);
    }
    long before = changes.get();
    Optional<Board> found = read.get();
    if (kept.size() >= KEPT_MAX) {
      kept.clear();
    }
    // A change by this node while the row was read must not be covered by what was read before it.
    if (changes.get() == before && found.isPresent()) {
      kept.put(key, new Kept(found.get(), nowMs));
    }
    return found;
  }
}
