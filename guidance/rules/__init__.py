"""The rules of guidance: plain functions over plain values. They know only Python."""
