package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.util.Locale;
import java.util.Map;

/**
 * An action of an admin on many rows of a list.
 *
 * @param list the path of the list
 * @param action what is done to each row, as {@link BulkActions} knows it
 * @param query what was searched for, without personal values
 * @param input what the admin has typed for the action
 * @param problem why it was stopped; empty if it was not
 * @param startsMs when it begins
 */
public record BulkJob(
    long id,
    PlayerId admin,
    String list,
    String action,
    String query,
    Map<String, Object> input,
    String reason,
    State state,
    String problem,
    Counts counts,
    long startsMs,
    long createdMs,
    long changedMs) {
  /** The most rows of a job. */
  public static final int ROWS_MAX = 100_000;

  /** How far a job is. */
  public enum State {
    /** The rows that match are being collected. */
    SELECTING,
    /** The rows are known, and the admin has not started it. */
    READY,
    RUNNING,
    DONE,
    /** By the admin; rows that were done stay done. */
    CANCELLED,
    /** By the server, because the admin lost the permission, or the rows could not be read. */
    STOPPED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** Whether nothing more will happen to the job. */
    public boolean isFinished() {
      return switch (this) {
        case SELECTING, READY, RUNNING -> false;
        case DONE, CANCELLED, STOPPED -> true;
      };
    }
  }

  /**
   * The numbers of rows.
   *
   * @param total that were selected
   * @param vanished that were gone before their turn came
   */
  public record Counts(long total, long done, long refused, long vanished) {
    public long finished() {
      return done + refused + vanished;
    }
  }

  /**
   * A row.
   *
   * @param place in the list, from 1
   * @param row its id
   * @param code of the refusal; empty if it was not refused
   */
  public record Row(long place, long row, RowState state, String code) {}

  /** What became of a row. */
  public enum RowState {
    PENDING,
    /** It was begun; a node that finds this after the death of another does it again. */
    TRIED,
    DONE,
    REFUSED,
    VANISHED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the state of that {@link #text}. */
    public static RowState of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
