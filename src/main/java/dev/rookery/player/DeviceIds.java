package dev.rookery.player;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;

/** Validates device ids: opaque, case-sensitive, not blank, of bounded length. */
public final class DeviceIds {
  private static final String FIELD = "device_id";

  private DeviceIds() {}

  /** Throws {@code Invalid} {@code device_id} if the id is not valid. */
  public static void check(String deviceId, Limits limits) {
    var errors = new FieldErrors();
    check(errors, deviceId, limits);
    errors.refuse();
  }

  public static boolean isValid(String deviceId, Limits limits) {
    var errors = new FieldErrors();
    check(errors, deviceId, limits);
    return errors.isEmpty();
  }

  /** Adds what is wrong with the id to the errors. */
  public static void check(FieldErrors errors, String deviceId, Limits limits) {
    if (deviceId.isBlank()) {
      errors.add(FIELD, "can't be blank");
    } else {
      errors.text(FIELD, deviceId, 1, limits.deviceIdMax());
    }
  }
}
