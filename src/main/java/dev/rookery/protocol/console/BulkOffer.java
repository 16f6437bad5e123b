package dev.rookery.protocol.console;

import dev.rookery.console.BulkActions;
import dev.rookery.console.BulkActions.BulkAction;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a list offers to do with all rows that match.
 *
 * @param verb capitalized, such as {@code Ban}; unique in the list
 * @param things in the plural, such as {@code players}
 * @param consequence what happens, in a sentence
 * @param fields what the admin types for it
 * @param delay how long it can be cancelled before it begins
 */
record BulkOffer(
    String verb,
    String things,
    String consequence,
    List<FormView.Field> fields,
    Duration delay,
    BulkAction action) {
  /** An action without fields that begins at once. */
  static BulkOffer of(String verb, String things, String consequence, BulkAction action) {
    return new BulkOffer(verb, things, consequence, List.of(), Duration.ZERO, action);
  }

  BulkOffer delayed(Duration time) {
    return new BulkOffer(verb, things, consequence, fields, time, action);
  }

  BulkOffer asking(List<FormView.Field> newFields, BulkActions.InputReader read) {
    return new BulkOffer(verb, things, consequence, newFields, delay, action.reading(read));
  }

  /** The verb in paths and in the name of the action, such as {@code sign-out}. */
  String name() {
    return verb.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  String label() {
    return verb + "…";
  }
}
