package dev.rookery.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrBlockTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.168.4.0/22, 192.168.7.255, true",
    "192.168.4.0/22, 192.168.8.0, false",
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "0.0.0.0/0, ::1, false",
    "::1, ::1, true",
    "fd00::/8, fd12::1, true",
    "fd00::/8, fe80::1, false",
    "::ffff:10.0.0.0/104, 10.255.1.2, true",
    "::ffff:10.0.0.0/104, 11.0.0.1, false",
    "::ffff:127.0.0.1, 127.0.0.1, true",
    "fe80::1%eth0, fe80::1, true",
  })
  void containsTheAddressesOfTheRange(String range, String address, boolean contained) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    assertThat(CidrBlock.parse(range).contains(bytes)).isEqualTo(contained);
    assertThat(CidrBlock.parse(range).contains(address)).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "10.1",
        "10",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "::1/129"
      })
  void refusesInvalidRanges(String text) {
    assertThatThrownBy(() -> CidrBlock.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
