package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.cron.CronSchedule;
import dev.rookery.leaderboard.LeaderboardCommand.Clearable;
import dev.rookery.leaderboard.LeaderboardCommand.Create;
import dev.rookery.leaderboard.LeaderboardCommand.Update;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which boards there may be, and when their seasons begin and end. */
final class BoardRules {
  private static final Pattern SLUG = Pattern.compile("[a-z0-9_]+");
  private static final int LABEL_MAX = 255;

  // A season is a row that is kept for good, so seasons of minutes would fill the database.
  private static final long SEASON_MIN_MS = Duration.ofHours(1).toMillis();

  private final Limits limits;

  BoardRules(Limits limits) {
    this.limits = limits;
  }

  /** The board that is to be inserted, without an id. */
  Board create(Create command, long nowMs) {
    var errors = new FieldErrors().text("slug", command.slug(), 1, limits.leaderboardSlugMax());
    if (!isSlug(command.slug())) {
      errors.add("slug", "must be lowercase alphanumeric with underscores");
    }
    validate(errors, command.title(), command.description(), command.metadata());
    Long ends = command.endsMs();
    String reset = command.reset();
    if (reset != null) {
      Long starts = command.startsMs();
      Optional<Long> next = nextReset(reset, Math.max(nowMs, starts == null ? 0 : starts));
      if (next.isEmpty()) {
        errors.add("reset", "is invalid");
      } else if (ends == null) {
        ends = next.get();
      }
    }
    errors.refuse();
    return new Board(
        new BoardId(0),
        command.slug(),
        command.title(),
        command.description(),
        command.sortOrder(),
        command.operator(),
        command.startsMs(),
        ends,
        orEmpty(command.metadata()),
        reset,
        nowMs,
        nowMs);
  }

  Board update(Board board, Update command, long nowMs) {
    Revisions.mustBe(command.revision(), board.updatedMs());
    var errors = new FieldErrors();
    validate(errors, command.title(), command.description(), command.metadata());
    errors.refuse();
    return with(
        board,
        command.title() == null ? board.title() : command.title(),
        changed(command, Clearable.DESCRIPTION, command.description(), board.description()),
        changed(command, Clearable.STARTS_AT, command.startsMs(), board.startsMs()),
        changed(command, Clearable.ENDS_AT, command.endsMs(), board.endsMs()),
        command.metadata() == null ? board.metadata() : command.metadata(),
        nowMs);
  }

  private static <T> @Nullable T changed(
      Update command, Clearable property, @Nullable T given, @Nullable T before) {
    return command.cleared().contains(property) ? null : given == null ? before : given;
  }

  static Board end(Board board, long nowMs) {
    return with(
        board,
        board.title(),
        board.description(),
        board.startsMs(),
        nowMs,
        board.metadata(),
        nowMs);
  }

  /**
   * The next season of a recurring board that has ended. Seasons in which no node was running are
   * left out; the next one begins at the last reset before now.
   */
  static Board renew(Board ended, long nowMs) {
    var schedule = CronSchedule.parse(String.valueOf(ended.reset()));
    long end = ended.endsMs() == null ? nowMs : ended.endsMs();
    long starts = schedule.flatMap(cron -> cron.last(end, nowMs)).orElse(end);
    Long ends = schedule.flatMap(cron -> cron.next(nowMs)).orElse(null);
    return new Board(
        ended.id(),
        ended.slug(),
        ended.title(),
        ended.description(),
        ended.sortOrder(),
        ended.operator(),
        starts,
        ends,
        ended.metadata(),
        ended.reset(),
        nowMs,
        nowMs);
  }

  static boolean isSlug(String text) {
    return SLUG.matcher(text).matches();
  }

  void validateMetadata(@Nullable Map<String, Object> metadata) {
    new FieldErrors().object("metadata", metadata, limits.metadataBytesMax()).refuse();
  }

  /** Checks what is submitted, apart from the board and the player. */
  void validateSubmission(RecordOwner owner, @Nullable Map<String, Object> metadata) {
    var errors = new FieldErrors();
    if (owner instanceof RecordOwner.OfLabel(var label)) {
      errors.text("label", label, 1, LABEL_MAX);
    }
    errors.object("metadata", metadata, limits.metadataBytesMax()).refuse();
  }

  private void validate(
      FieldErrors errors,
      @Nullable String title,
      @Nullable String description,
      @Nullable Map<String, Object> metadata) {
    errors
        .visibleLine("title", title, limits.leaderboardTitleMax())
        .visibleLines("description", description, limits.leaderboardDescriptionMax())
        .object("metadata", metadata, limits.metadataBytesMax());
  }

  private static Optional<Long> nextReset(String reset, long afterMs) {
    Optional<CronSchedule> schedule = CronSchedule.parse(reset);
    Optional<Long> first = schedule.flatMap(cron -> cron.next(afterMs));
    Optional<Long> second = first.flatMap(time -> schedule.flatMap(cron -> cron.next(time)));
    boolean longEnough =
        first.isPresent() && second.isPresent() && second.get() - first.get() >= SEASON_MIN_MS;
    return longEnough ? first : Optional.empty();
  }

  static Map<String, Object> orEmpty(@Nullable Map<String, Object> metadata) {
    return metadata == null ? Map.of() : metadata;
  }

  static Refused boardNotFound() {
    return Refused.missing("leaderboard_not_found");
  }

  static Refused recordNotFound() {
    return Refused.missing("record_not_found");
  }

  private static Board with(
      Board board,
      String title,
      @Nullable String description,
      @Nullable Long startsMs,
      @Nullable Long endsMs,
      Map<String, Object> metadata,
      long nowMs) {
    return new Board(
        board.id(),
        board.slug(),
        title,
        description,
        board.sortOrder(),
        board.operator(),
        startsMs,
        endsMs,
        metadata,
        board.reset(),
        board.createdMs(),
        Revisions.next(board.updatedMs(), nowMs));
  }
}
