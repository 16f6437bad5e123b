package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.leaderboard.RankStore.Named;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers questions about ranks from the rows alone, for boards without an index in memory. The
 * rows have no order, which would make each submission more expensive, so every answer reads all
 * records of the board. A node therefore answers one question after another, and those that are the
 * same and wait at the same time are answered together.
 */
final class ScannedRanks {
  private static final int TOGETHER = 16;

  private final Database database;
  private final RankStore store;
  private final Batcher<Question, Answer> questions;

  private sealed interface Question {
    record Top(BoardId board, Page.Request page) implements Question {}

    record Around(BoardId board, PlayerId player, int limit) implements Question {}

    record OfPlayers(BoardId board, List<PlayerId> players) implements Question {}
  }

  /**
   * Records, best first.
   *
   * @param total how many the whole list has
   */
  record Answer(List<RankedRecord> records, long total) {}

  ScannedRanks(Context context, Database database, RankStore store) {
    this.database = database;
    this.store = store;
    this.questions = new Batcher<>(context, TOGETHER, this::answer);
  }

  Answer top(BoardId board, Page.Request page) {
    return questions.ask(new Question.Top(board, page));
  }

  /** The records around that of a player; none without a record. */
  List<RankedRecord> around(BoardId board, PlayerId player, int limit) {
    return questions.ask(new Question.Around(board, player, limit)).records;
  }

  /** The records of those who have one. */
  List<RankedRecord> ofPlayers(BoardId board, List<PlayerId> players) {
    return questions.ask(new Question.OfPlayers(board, List.copyOf(players))).records;
  }

  private List<Answer> answer(List<Question> asked) {
    var answers = new HashMap<Question, Answer>();
    return asked.stream().map(one -> answers.computeIfAbsent(one, this::read)).toList();
  }

  private Answer read(Question question) {
    return switch (question) {
      case Question.Top(var board, var page) -> readTop(board, page);
      case Question.Around(var board, var player, var limit) -> {
        List<RankedRecord> found = readAround(board, player, limit);
        yield new Answer(found, found.size());
      }
      case Question.OfPlayers(var board, var players) -> {
        List<RankedRecord> found = readOfPlayers(board, players);
        yield new Answer(found, found.size());
      }
    };
  }

  private Answer readTop(BoardId board, Page.Request page) {
    long total = store.count(database, board);
    List<Named> read =
        total <= page.offset()
            ? List.of()
            : store.page(database, board, page.size(), page.offset());
    return new Answer(ranked(read, page.offset() + 1), total);
  }

  private List<RankedRecord> readAround(BoardId board, PlayerId player, int limit) {
    return store
        .rank(database, board, player)
        .map(
            rank -> {
              long first = Ranks.first(rank, limit);
              int better = (int) (rank - first);
              var read = new ArrayList<Named>(store.before(database, board, player, better));
              read.addAll(store.from(database, board, player, limit - better));
              return ranked(read, first);
            })
        .orElse(List.of());
  }

  private List<RankedRecord> readOfPlayers(BoardId board, List<PlayerId> players) {
    var ranked = new ArrayList<RankedRecord>();
    Placeholders.inParts(
        players,
        part -> {
          Map<PlayerId, Long> ranks = store.ranks(database, board, part);
          for (Named one : store.ofPlayers(database, board, part)) {
            BoardRecord record = one.stored().record();
            Long rank = ranks.get(record.player());
            if (rank != null) {
              ranked.add(new RankedRecord(rank, record, one.name()));
            }
          }
        });
    ranked.sort(Comparator.comparingLong(RankedRecord::rank));
    return ranked;
  }

  private static List<RankedRecord> ranked(List<Named> read, long firstRank) {
    var ranked = new ArrayList<RankedRecord>(read.size());
    for (Named one : read) {
      ranked.add(new RankedRecord(firstRank + ranked.size(), one.stored().record(), one.name()));
    }
    return ranked;
  }
}
