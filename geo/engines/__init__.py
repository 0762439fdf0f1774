"""Layers beyond the memory of one machine: landed as Parquet, asked through Ibis."""
