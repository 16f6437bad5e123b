package dev.rookery.leaderboard;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.friend.Friends;
import dev.rookery.leaderboard.RankIndex.Entry;
import dev.rookery.leaderboard.RankStore.Named;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import io.vertx.core.Context;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Answers questions about ranks: the order comes from the board's index, the rest of the records
 * from their rows, of which those shown recently are in memory. Without an index both come from the
 * rows ({@link ScannedRanks}).
 */
final class Ranks {
  private static final int READS_TOGETHER = 32;

  private final Database database;
  private final RankStore store;
  private final BoardIndexes indexes;
  private final Friends friends;
  private final RecordCache cache;
  private final InstantSource clock;
  private final int friendsMax;
  private final ScannedRanks scanned;
  private final Batcher<List<Long>, Map<Long, Named>> rows;

  /** A page of entries, and how many the whole list has. */
  private record Found(List<Entry> entries, long total) {}

  Ranks(
      Context context,
      Database database,
      RankStore store,
      BoardIndexes indexes,
      Friends friends,
      InstantSource clock,
      int friendsMax) {
    this.database = database;
    this.store = store;
    this.indexes = indexes;
    this.friends = friends;
    this.cache = new RecordCache(clock, database.registry());
    this.clock = clock;
    this.friendsMax = friendsMax;
    this.scanned = new ScannedRanks(context, database, store);
    this.rows = new Batcher<>(context, READS_TOGETHER, this::readTogether);
  }

  Page<RankedRecord> top(Board board, Page.Request page) {
    Optional<Found> found =
        indexes.read(
            board, ranks -> new Found(ranks.from(page.offset() + 1, page.size()), ranks.size()));
    if (found.isPresent()) {
      return page(withRows(found.get().entries), page, found.get().total);
    }
    ScannedRanks.Answer read = scanned.top(board.id(), page);
    return page(read.records(), page, read.total());
  }

  List<RankedRecord> around(Board board, PlayerId player, int limit) {
    Optional<List<Entry>> found =
        indexes.read(
            board,
            ranks -> {
              Entry own = ranks.ofPlayer(player.value());
              return own == null ? List.of() : ranks.from(first(own.rank(), limit), limit);
            });
    return found.isPresent() ? withRows(found.get()) : scanned.around(board.id(), player, limit);
  }

  /** The first rank of those around another. */
  static long first(long rank, int limit) {
    return Math.max(1, rank - limit / 2);
  }

  Optional<RankedRecord> ofPlayer(Board board, PlayerId player) {
    return ofPlayers(board, List.of(player)).stream().findFirst();
  }

  Page<RankedRecord> ofFriends(Board board, PlayerId player, Page.Request page) {
    var players = new LinkedHashSet<PlayerId>(friends.friendsOf(database, player, friendsMax));
    players.add(player);
    List<PlayerId> all = List.copyOf(players);
    Optional<List<Entry>> found = indexes.read(board, ranks -> entries(ranks, all));
    if (found.isPresent()) {
      return page(withRows(slice(found.get(), page)), page, found.get().size());
    }
    List<RankedRecord> ranked = scanned.ofPlayers(board.id(), all);
    return page(slice(ranked, page), page, ranked.size());
  }

  private List<RankedRecord> ofPlayers(Board board, List<PlayerId> players) {
    return indexes
        .read(board, ranks -> entries(ranks, players))
        .map(this::withRows)
        .orElseGet(() -> scanned.ofPlayers(board.id(), players));
  }

  private static List<Entry> entries(RankIndex ranks, List<PlayerId> players) {
    var entries = new ArrayList<Entry>();
    for (PlayerId player : players) {
      Entry entry = ranks.ofPlayer(player.value());
      if (entry != null) {
        entries.add(entry);
      }
    }
    entries.sort(Comparator.comparingLong(Entry::rank));
    return entries;
  }

  private static <T> List<T> slice(List<T> all, Page.Request page) {
    int from = (int) Math.min(page.offset(), all.size());
    return all.subList(from, Math.min(all.size(), from + page.size()));
  }

  private static Page<RankedRecord> page(
      List<RankedRecord> records, Page.Request page, long total) {
    return new Page<>(records, page.number(), page.size(), total);
  }

  /** The records of the entries; one that was deleted a moment ago is left out. */
  private List<RankedRecord> withRows(List<Entry> entries) {
    var known = new HashMap<Long, Named>();
    var unknown = new ArrayList<Long>();
    for (Entry entry : entries) {
      Named cached = cache.find(entry.record(), entry.revision());
      if (cached == null) {
        unknown.add(entry.record());
      } else {
        known.put(entry.record(), cached);
      }
    }
    if (!unknown.isEmpty()) {
      known.putAll(rows.ask(unknown));
    }
    var ranked = new ArrayList<RankedRecord>(entries.size());
    for (Entry entry : entries) {
      Named row = known.get(entry.record());
      if (row != null) {
        ranked.add(new RankedRecord(entry.rank(), at(entry, row), row.name()));
      }
    }
    return ranked;
  }

  /** The record with the score that it is ranked by; its row may have changed since. */
  private static BoardRecord at(Entry entry, Named row) {
    BoardRecord record = row.stored().record();
    if (record.score() == entry.score() && record.subscore() == entry.subscore()) {
      return record;
    }
    return new BoardRecord(
        record.id(),
        record.board(),
        record.player(),
        record.label(),
        entry.score(),
        entry.subscore(),
        record.submissions(),
        record.metadata(),
        record.createdMs(),
        record.updatedMs());
  }

  private List<Map<Long, Named>> readTogether(List<List<Long>> wanted) {
    long nowMs = clock.millis();
    Map<Long, Named> found =
        store.byIds(database, wanted.stream().flatMap(List::stream).collect(Collectors.toSet()));
    found.values().forEach(row -> cache.put(row, nowMs));
    return wanted.stream()
        .<Map<Long, Named>>map(
            ids ->
                ids.stream()
                    .map(found::get)
                    .filter(Objects::nonNull)
                    .collect(
                        Collectors.toMap(
                            row -> row.stored().record().id().value(), Function.identity())))
        .toList();
  }
}
