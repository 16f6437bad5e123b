package dev.rookery.protocol.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SettingsReferenceTest {
  @Test
  void commentsAndValuesBecomeATableForEachSection() {
    String yaml =
        """
        # Of the file.
        #
        # More of it.

        # Meaning with | and <this>
        # and a second line.
        # ALONE, ROOKERY_ALONE
        alone: false

        # Of the section.
        outer:
          # First.
          # ROOKERY_OUTER_FIRST
          first:

          # Of the inner section.
          inner:
            # ROOKERY_OUTER_INNER_DEEP
            deep: [a, b]

          # Last.
          # ROOKERY_OUTER_LAST, or OTHER=x
          last: 1m
        """;

    assertThat(SettingsReference.markdown(yaml))
        .isEqualTo(
            """

            ## General

            | key | default | environment | meaning |
            |---|---|---|---|
            | `alone` | `false` | `ALONE`, `ROOKERY_ALONE` | Meaning with \\| and \\<this\\> and a second line. |

            ## outer

            Of the section.

            | key | default | environment | meaning |
            |---|---|---|---|
            | `outer.first` | – | `ROOKERY_OUTER_FIRST` | First. |
            | `outer.last` | `1m` | `ROOKERY_OUTER_LAST`, or OTHER=x | Last. |

            ### outer.inner

            Of the inner section.

            | key | default | environment | meaning |
            |---|---|---|---|
            | `outer.inner.deep` | `[a, b]` | `ROOKERY_OUTER_INNER_DEEP` |  |
            """);
  }
}
