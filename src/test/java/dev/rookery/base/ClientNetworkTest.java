package dev.rookery.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientNetworkTest {
  @ParameterizedTest
  @CsvSource({
    "10.1.1.1, 10.1.1.1, true",
    "10.1.1.1, 10.1.1.2, false",
    "10.1.1.1, ::ffff:10.1.1.1, true",
    "10.1.1.1, ::FFFF:a01:101, true",
    "::ffff:10.1.1.1, ::ffff:10.1.1.2, false",
    "2001:db8::1, 2001:DB8:0:0:ffff::, true",
    "2001:db8::1, 2001:db8:0:1::1, false",
    "fe80::1%eth0, fe80::2, true",
  })
  void countsAddressesOfOneClientAsOne(String first, String second, boolean same) {
    assertThat(ClientNetwork.of(first).equals(ClientNetwork.of(second))).isEqualTo(same);
  }
}
