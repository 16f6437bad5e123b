package dev.rookery.protocol.gamend;

import dev.rookery.base.BoardId;
import dev.rookery.base.Page;
import dev.rookery.leaderboard.Board;
import dev.rookery.leaderboard.BoardRecord;
import dev.rookery.leaderboard.BoardSeasons;
import dev.rookery.leaderboard.RankedRecord;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JSON objects of boards and records (Gamend HTTP contract, sections 3 and 17.3). */
final class LeaderboardViews {
  private static final long NOBODY = -1;

  private LeaderboardViews() {}

  static JsonObject board(Board board, long nowMs) {
    String description = board.description();
    return adminBoard(board)
        .put("description", description == null ? "" : description)
        .put("is_active", board.isActive(nowMs));
  }

  /** As admins see it: the description as it is, and no {@code is_active}. */
  static JsonObject adminBoard(Board board) {
    var view =
        new JsonObject()
            .put("id", board.id().value())
            .put("slug", board.slug())
            .put("title", board.title())
            .put("description", board.description())
            .put("sort_order", text(board.sortOrder()))
            .put("operator", text(board.operator()))
            .put("starts_at", time(board.startsMs()))
            .put("ends_at", time(board.endsMs()))
            .put("metadata", board.metadata())
            .put("inserted_at", Views.time(board.createdMs()))
            .put("updated_at", Views.time(board.updatedMs()));
    // The contract does not have recurring boards, so others are shown without the field.
    return board.reset() == null ? view : view.put("reset", board.reset());
  }

  /** The seasons before and after a board; an extension of the contract. */
  static JsonObject seasons(BoardSeasons seasons) {
    return new JsonObject().put("previous", id(seasons.previous())).put("next", id(seasons.next()));
  }

  static JsonObject record(RankedRecord ranked) {
    BoardRecord record = ranked.record();
    return new JsonObject()
        .put("rank", ranked.rank())
        .put("user_id", record.player() == null ? NOBODY : record.player().value())
        .put("display_name", ranked.name())
        .put("score", record.score())
        .put("metadata", record.metadata())
        .put("updated_at", Views.time(record.updatedMs()));
  }

  static JsonObject adminRecord(BoardRecord record) {
    return new JsonObject()
        .put("id", record.id().value())
        .put("leaderboard_id", record.board().value())
        .put("user_id", record.player() == null ? null : record.player().value())
        .put("label", record.label())
        .put("score", record.score())
        .putNull("rank")
        .put("metadata", record.metadata())
        .put("inserted_at", Views.time(record.createdMs()))
        .put("updated_at", Views.time(record.updatedMs()));
  }

  /** As {@link Views#page}, but {@code has_more} is true if there is a page after this one. */
  static <T> JsonObject page(Page<T> page, Function<? super T, JsonObject> view) {
    JsonObject envelope = Views.page(page, view);
    envelope.getJsonObject("meta").put("has_more", page.number() < Views.pages(page));
    return envelope;
  }

  private static @Nullable String time(@Nullable Long ms) {
    return ms == null ? null : Views.time(ms);
  }

  private static @Nullable Long id(@Nullable BoardId board) {
    return board == null ? null : board.value();
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
