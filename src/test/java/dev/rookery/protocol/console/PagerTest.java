package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How lists say how many rows they have. */
final class PagerTest {
  @Test
  void countsToALimitThatItNames() {
    assertThat(request(false).countMax()).isEqualTo(10_001);
    assertThat(count(false, 10_000)).isEqualTo("10,000 rows");
    assertThat(count(false, 10_001)).isEqualTo("10,000+ match");

    assertThat(request(true).countMax()).isEqualTo(1_000_001);
    assertThat(count(true, 1_000_000)).isEqualTo("1,000,000 rows");
    assertThat(count(true, 1_000_001)).isEqualTo("more than 1,000,000 rows");
  }

  private static String count(boolean exact, long total) {
    ListRequest list = request(exact);
    return Keyset.of(list, List.of("row"), row -> row).pager(list, total).count();
  }

  private static ListRequest request(boolean exact) {
    SearchQuery search = SearchQuery.parse("", List.of(), true);
    return new ListRequest("/admin/users", search, "", 50, "", "", 1, exact);
  }
}
