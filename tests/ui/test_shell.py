def test_x(open_page):
    app = open_page()
    assert not app.exception
    app.button_group(key="filter_preset").set_value("4v").run()
    print(app.query_params, [m.value for m in app.markdown])
    assert app.button_group(key="filter_preset").value=="4v"
    app = open_page("tackning")
    assert not app.exception
    print([m.value for m in app.markdown], app.query_params)
    assert 0
