package dev.rookery.lua;

/** What a script chose with the setters of {@code cjson}, for this call. */
final class JsonSettings {
  boolean sparseConvert;
  int sparseRatio = 2;
  int sparseSafe = 10;
  int encodeMaxDepth = 1000;
  int decodeMaxDepth = 1000;

  /** 0 refuses numbers that JSON does not have, 1 writes them, 2 writes null. */
  int encodeInvalidNumbers;

  boolean decodeInvalidNumbers = true;
  boolean keepBuffer = true;
  int precision = 14;
}
