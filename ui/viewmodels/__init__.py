"""What the pages say, as plain values: sentences, rows and figures, without Streamlit."""
